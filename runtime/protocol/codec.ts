/**
 * MessagePack in and out, with fixed safe options.
 *
 * Bytes from outside are scanned before msgpackr sees them; what comes out is still only a shape
 * that each message parser checks. Encoded bytes are never hashed again after decoding.
 *
 * @module
 */
import { Packr, Unpackr } from "msgpackr";
import { isPlainMessagePack } from "#protocol/scan.ts";
import { Fault, type Facts } from "#protocol/fault.ts";
import type { FaultCode } from "#protocol/faults.ts";

const packr = new Packr({
  useRecords: false,
  mapsAsObjects: true,
  variableMapSize: true,
  useBigIntExtension: false,
  largeBigIntToFloat: false,
  moreTypes: false,
});

const unpackr = new Unpackr({
  useRecords: false,
  mapsAsObjects: true,
  // A number where it is exact, else a bigint. msgpackr knows the value, its types do not.
  int64AsType: "auto" as "number",
  moreTypes: false,
});

const SMALL_INTEGER_MAX = 0xffff_ffff;
const SMALL_INTEGER_MIN = -0x8000_0000;

/**
 * An integer in the form that msgpackr writes shortest: numbers up to 32 bits, bigints beyond.
 *
 * @param value - Integer from -2^63 to 2^64 - 1.
 */
export function integer(value: number | bigint): number | bigint {
  if (value >= SMALL_INTEGER_MIN && value <= SMALL_INTEGER_MAX) return Number(value);
  return BigInt(value);
}

/** Encodes plain values. Integers above 32 bits must have gone through {@link integer}. */
export function pack(value: unknown): Uint8Array {
  // A copy: msgpackr hands out a view of a buffer as large as the largest message so far, and one
  // small value kept in state would keep all of that.
  return new Uint8Array(packr.pack(value));
}

/**
 * Decodes exactly one plain value.
 *
 * @param untrustedBytes - Bytes from outside; their limit is checked by the caller.
 * @param code - The fault to throw when they are not plain MessagePack.
 * @throws {@link Fault} `code`.
 */
export function unpack(
  untrustedBytes: Uint8Array,
  code: FaultCode = "MESSAGE_MALFORMED",
  facts: Facts = {},
): unknown {
  if (!isPlainMessagePack(untrustedBytes)) throw new Fault(code, facts);
  try {
    return unpackr.unpack(untrustedBytes);
  } catch {
    throw new Fault(code, facts);
  }
}
