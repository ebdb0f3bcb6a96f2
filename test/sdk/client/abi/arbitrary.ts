/**
 * Random ABI types with random values of them.
 *
 * @module
 */
import fc from "fast-check";
import type { Abi, AbiField, AbiRecord, AbiType } from "#protocol/abi.ts";
import { integerTypes, type IntegerName } from "#sdk/client/abi/integers.ts";
import { valueOf, type Leaves } from "#test/support/abi-values.ts";

export interface Typed {
  readonly abi: Abi;
  readonly type: AbiType;
  /** A value in the form that decoding gives. */
  readonly value: unknown;
}

const integerNames = Object.keys(integerTypes) as IntegerName[];
const others = ["bool", "f32", "f64", "string", "bytes", "account"] as const;

const scalar: fc.Arbitrary<AbiType> = fc.constantFrom<AbiType>(...integerNames, ...others);

/** Types up to a few levels deep; records are collected as they are made. */
function typeOf(depth: number, records: AbiRecord[]): fc.Arbitrary<AbiType> {
  if (depth === 0) return scalar;
  const inner = typeOf(depth - 1, records);
  const flat = inner.filter((type) => typeof type === "string" || !("option" in type));
  return fc.oneof(
    { weight: 3, arbitrary: scalar },
    { weight: 1, arbitrary: inner.map((list) => ({ list })) },
    { weight: 1, arbitrary: flat.map((option) => ({ option })) },
    { weight: 1, arbitrary: fieldsOf(inner).map((fields) => dataOf(records, fields)) },
  );
}

const fieldName = fc.oneof(
  fc.stringMatching(/^[a-zA-Z_]\w{0,8}$/),
  fc.constantFrom("__proto__", "constructor", "toString", "then"),
);

function fieldsOf(type: fc.Arbitrary<AbiType>): fc.Arbitrary<AbiField[]> {
  return fc.uniqueArray(fc.record({ name: fieldName, type }), {
    maxLength: 4,
    selector: ({ name }) => name,
  });
}

function dataOf(records: AbiRecord[], fields: readonly AbiField[]): AbiType {
  const name = `Record${records.length}`;
  records.push({ name, fields });
  return { data: name };
}

const leaves: Leaves = {
  lists: { maxLength: 20 },
  bytes: fc.uint8Array({ maxLength: 300 }),
  text: fc.string({ unit: "grapheme", maxLength: 300 }),
  account: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => bytes.toHex()),
};

/** Values of a type, in the form that decoding gives: as long as each form of a length asks for. */
export function anyValueOf(abi: Abi, type: AbiType): fc.Arbitrary<unknown> {
  return valueOf(abi, type, leaves);
}

export function abiWith(records: readonly AbiRecord[]): Abi {
  return {
    abi: 1,
    contract: "Any",
    methods: [],
    types: records,
    events: [],
    errors: [],
    state: [],
  };
}

export const typed: fc.Arbitrary<Typed> = fc.constant(0).chain(() => {
  const records: AbiRecord[] = [];
  return typeOf(3, records).chain((type) => {
    const abi = abiWith(records);
    return anyValueOf(abi, type).map((value) => ({ abi, type, value }));
  });
});
