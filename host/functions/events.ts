/**
 * Host function `hermetic:contract/events`: typed events, kept until the call has returned.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { EVENT_BYTES_MAX, NAME_LENGTH_MAX } from "#protocol/limits.ts";
import type { Bind } from "#host/functions/running.ts";

/** `emit: func(name: string, fields: list<u8>, public: bool)`; `EVENTS_LIMIT` over count, name or size. */
export const eventsEmit: Bind =
  (call) =>
  (
    namePointer: number,
    nameLength: number,
    fieldsPointer: number,
    fieldsLength: number,
    untrustedPublic: number,
  ): void => {
    const units = nameLength >>> 0;
    const length = fieldsLength >>> 0;
    call.enter("events.emit", units * 2 + length);
    if (units > NAME_LENGTH_MAX)
      throw new Fault("EVENTS_LIMIT", { length: units, limit: NAME_LENGTH_MAX });
    if (length > EVENT_BYTES_MAX)
      throw new Fault("EVENTS_LIMIT", { length, limit: EVENT_BYTES_MAX });
    const name = call.memory.readText(namePointer, units);
    const fields = call.memory.readBytes(fieldsPointer, length);
    call.budget.takeEvent();
    // The canonical ABI reads every non-zero value as true.
    call.events.push({ name, fields, public: untrustedPublic !== 0 });
  };
