/**
 * Arguments of any type of the ABI: empty, ordinary, extreme.
 *
 * @module
 */
import fc from "fast-check";
import type { Abi, AbiMethod, AbiType } from "#protocol/abi.ts";

const RANGES: Readonly<Record<string, readonly [bits: number, signed: boolean]>> = {
  ...{ u8: [8, false], u16: [16, false], u32: [32, false], u64: [64, false] },
  ...{ u128: [128, false], u256: [256, false] },
  ...{ i8: [8, true], i16: [16, true], i32: [32, true], i64: [64, true] },
};
const LIST_MAX = 8;
const BYTES_MAX = 200;
/** Rarely: as much as contracts are likely to be sent. */
const BYTES_LARGE = 60_000;
const SMALL = 70n;

/** Accounts in hexadecimal that calls come from and are about. */
export const accounts: readonly string[] = ["11", "22", "33"].map((byte) => byte.repeat(32));

/** A value of every parameter, in order. */
export function argumentsOf(abi: Abi, { inputs }: AbiMethod): fc.Arbitrary<unknown[]> {
  return fc.tuple(...inputs.map(({ type }) => valueOf(abi, type)));
}

function valueOf(abi: Abi, type: AbiType): fc.Arbitrary<unknown> {
  if (typeof type === "object") return composed(abi, type);
  const range = RANGES[type];
  if (range !== undefined) return integer(...range);
  switch (type) {
    case "bool":
      return fc.boolean();
    case "f32":
      return fc.float();
    case "f64":
      return fc.double();
    case "bytes":
      return bytes();
    case "account":
      return fc.constantFrom(...accounts);
    default:
      return text();
  }
}

type Composed = Exclude<AbiType, string>;

function composed(abi: Abi, type: Composed): fc.Arbitrary<unknown> {
  if ("option" in type) return fc.option(valueOf(abi, type.option));
  if ("list" in type)
    return fc.array(valueOf(abi, type.list), { maxLength: LIST_MAX, size: "max" });
  const fields = abi.types.find(({ name }) => name === type.data)?.fields ?? [];
  return fc.record(
    Object.fromEntries(fields.map(({ name, type: of }) => [name, valueOf(abi, of)])),
  );
}

function integer(bits: number, signed: boolean): fc.Arbitrary<bigint> {
  const max = 2n ** BigInt(signed ? bits - 1 : bits) - 1n;
  const min = signed ? -max - 1n : 0n;
  const most = max < SMALL ? max : SMALL;
  return fc.oneof(
    { arbitrary: fc.bigInt({ min: 0n, max: most }), weight: 3 },
    { arbitrary: fc.bigInt({ min, max }), weight: 1 },
    { arbitrary: fc.constantFrom(min, max), weight: 1 },
  );
}

function bytes(): fc.Arbitrary<Uint8Array> {
  const random = fc.uint8Array({ maxLength: BYTES_MAX, size: "max" });
  const large = fc.nat(BYTES_LARGE).map((length) => new Uint8Array(length).fill(length));
  const digest = fc.uint8Array({ minLength: 32, maxLength: 32 });
  return fc.oneof(
    { arbitrary: random, weight: 6 },
    { arbitrary: digest, weight: 3 },
    { arbitrary: large, weight: 1 },
  );
}

/** Well-formed text of any characters: the client refuses every other. */
function text(): fc.Arbitrary<string> {
  const any = fc.string({ unit: "binary", maxLength: 60, size: "max" });
  const ordinary = fc.constantFrom("", "USD", "auction", "https://prices.example/v1?symbol=");
  const long = fc.nat(9_000).map((length) => "é😀".repeat(length / 3));
  return fc.oneof(
    { arbitrary: any, weight: 5 },
    { arbitrary: ordinary, weight: 4 },
    { arbitrary: long, weight: 1 },
  );
}
