/**
 * Arguments of any method of an ABI: empty, ordinary, extreme.
 *
 * @module
 */
import fc from "fast-check";
import type { Abi, AbiMethod } from "#protocol/abi.ts";
import { valueOf, type Leaves } from "#test/support/abi-values.ts";

const LIST_MAX = 8;
const BYTES_MAX = 200;
/** Rarely: as much as contracts are likely to be sent. */
const BYTES_LARGE = 60_000;

/** Accounts in hexadecimal that calls come from and are about. */
export const accounts: readonly string[] = ["11", "22", "33"].map((byte) => byte.repeat(32));

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

const leaves: Leaves = {
  lists: { maxLength: LIST_MAX, size: "max" },
  bytes: bytes(),
  text: text(),
  account: fc.constantFrom(...accounts),
};

/** A value of every parameter, in order. */
export function argumentsOf(abi: Abi, { inputs }: AbiMethod): fc.Arbitrary<unknown[]> {
  return fc.tuple(...inputs.map(({ type }) => valueOf(abi, type, leaves)));
}
