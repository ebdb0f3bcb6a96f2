/**
 * Random values of any type of the ABI, in the form that decoding gives: small ones, any, the extremes.
 *
 * @module
 */
import fc from "fast-check";
import type { Abi, AbiType } from "#protocol/abi.ts";

/** What differs between tests: how long is long, and whose accounts they are. */
export interface Leaves {
  readonly lists: fc.ArrayConstraints;
  readonly bytes: fc.Arbitrary<Uint8Array>;
  readonly text: fc.Arbitrary<string>;
  /** In hexadecimal. */
  readonly account: fc.Arbitrary<string>;
}

type Scalar = Extract<AbiType, string>;

const RANGES: Readonly<Partial<Record<Scalar, readonly [bits: number, signed: boolean]>>> = {
  ...{ u8: [8, false], u16: [16, false], u32: [32, false], u64: [64, false] },
  ...{ u128: [128, false], u256: [256, false] },
  ...{ i8: [8, true], i16: [16, true], i32: [32, true], i64: [64, true] },
};
const SMALL = 70n;

export function valueOf(abi: Abi, type: AbiType, leaves: Leaves): fc.Arbitrary<unknown> {
  if (typeof type === "string") return scalar(type, leaves);
  if ("option" in type) return fc.option(valueOf(abi, type.option, leaves));
  if ("list" in type) return fc.array(valueOf(abi, type.list, leaves), leaves.lists);
  const fields = abi.types.find(({ name }) => name === type.data)?.fields ?? [];
  const values = fc.tuple(...fields.map((field) => valueOf(abi, field.type, leaves)));
  return values.map((list) => Object.fromEntries(fields.map(({ name }, at) => [name, list[at]])));
}

function scalar(type: Scalar, { bytes, text, account }: Leaves): fc.Arbitrary<unknown> {
  switch (type) {
    case "bool":
      return fc.boolean();
    case "f32":
      return fc.float();
    case "f64":
      return fc.double();
    case "bytes":
      return bytes;
    case "string":
      return text;
    case "account":
      return account;
    default:
      return integer(...(RANGES[type] ?? [0, false]));
  }
}

function integer(bits: number, signed: boolean): fc.Arbitrary<number | bigint> {
  const max = 2n ** BigInt(signed ? bits - 1 : bits) - 1n;
  const min = signed ? -max - 1n : 0n;
  const most = max < SMALL ? max : SMALL;
  const any = fc.oneof(
    { arbitrary: fc.bigInt({ min: 0n, max: most }), weight: 3 },
    { arbitrary: fc.bigInt({ min, max }), weight: 2 },
    { arbitrary: fc.constantFrom(min, max), weight: 1 },
  );
  return bits >= 64 ? any : any.map(Number);
}
