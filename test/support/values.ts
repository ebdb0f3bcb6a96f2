/**
 * Arguments and results of contracts in their MessagePack form.
 *
 * @module
 */
import { integer, pack, unpack } from "#protocol/codec.ts";
import { ending, replyOf, valueOf, type Result } from "#test/support/raw-client.ts";

type Plain = number | bigint | string | boolean | Uint8Array;

/** Arguments of a call: an array of plain values. */
export function args(...values: readonly Plain[]): Uint8Array {
  return pack(values.map(plain));
}

function plain(value: Plain): unknown {
  return typeof value === "number" || typeof value === "bigint" ? integer(value) : value;
}

/** What a call returned, decoded. @throws if it did not return. */
export function returned(result: Result): unknown {
  const value = unpack(valueOf(result));
  return value instanceof Uint8Array ? new Uint8Array(value) : value;
}

/** What a call returned, or how else it ended. */
export function told(result: Result): unknown {
  return ending(result) === "returned" ? returned(result) : ending(result);
}

/** Where a call ran. */
export function heightOf(result: Result): number {
  return replyOf(result).height;
}
