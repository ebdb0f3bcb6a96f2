/**
 * Events of a call as JSON, by the ABI.
 *
 * @module
 */
import { fieldsToJson, type Abi, type Json } from "#sdk/client/index.ts";

interface CallEvent {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly public: boolean;
}

export interface JsonEvent {
  readonly name: string;
  readonly args: Json;
  readonly public: boolean;
}

export function eventsToJson(abi: Abi, events: readonly CallEvent[]): JsonEvent[] {
  return events.map((event) => {
    const fields = abi.events.find(({ name }) => name === event.name)?.fields ?? [];
    return { name: event.name, args: fieldsToJson(abi, fields, event.args), public: event.public };
  });
}
