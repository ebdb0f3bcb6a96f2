/**
 * Public events of contracts that were called along the way, with their fields by name: a world knows
 * the interface of every contract that was deployed in it.
 *
 * @module
 */
import type { Abi } from "#protocol/abi.ts";
import type { Account } from "#sdk/client/abi/types.ts";
import { decodeFields } from "#sdk/client/abi/decode.ts";
import type { CallResult, OtherEvent } from "#sdk/client/contract/handle.ts";

/** @param abiOf - The interface of the contract at an address. */
export function withOtherArgs<R extends CallResult<Abi, unknown>>(
  result: R,
  abiOf: (address: Account) => Abi | undefined,
): R {
  const otherEvents = result.otherEvents.map((event) => withArgs(event, abiOf(event.contract)));
  return { ...result, otherEvents };
}

function withArgs(event: OtherEvent, abi: Abi | undefined): OtherEvent {
  const fields = abi?.events.find(({ name }) => name === event.name)?.fields;
  if (abi === undefined || fields === undefined) return event;
  return Object.assign({ args: decodeFields(abi, fields, event.fields, event.name) }, event);
}
