/**
 * Checked arithmetic against integers without bounds.
 *
 * @module
 */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { Guest } from "#test/support/guest.ts";

let web: Guest;
beforeAll(async () => {
  web = await Guest.build("test/sdk/fixtures/web.ts");
});

interface Kind {
  readonly name: string;
  readonly bits: number;
  readonly isSigned: boolean;
}

const kinds: readonly Kind[] = [
  { name: "U8", bits: 8, isSigned: false },
  { name: "I8", bits: 8, isSigned: true },
  { name: "U64", bits: 64, isSigned: false },
  { name: "I64", bits: 64, isSigned: true },
  { name: "U128", bits: 128, isSigned: false },
  { name: "U256", bits: 256, isSigned: false },
];

const operations: Readonly<Record<string, (left: bigint, right: bigint) => bigint>> = {
  add: (left, right) => left + right,
  sub: (left, right) => left - right,
  mul: (left, right) => left * right,
};

function encode(value: bigint, { bits }: Kind): unknown {
  if (bits <= 64) return value;
  return Uint8Array.fromHex(value.toString(16).padStart(bits / 4, "0"));
}

function decode(value: unknown): bigint {
  if (value instanceof Uint8Array) return BigInt(`0x${value.toHex()}`);
  return BigInt(value as number | bigint);
}

const cases = kinds.flatMap((kind) =>
  Object.keys(operations).map((operation) => ({ kind, operation, name: operation + kind.name })),
);

describe("checked", () => {
  it.each(cases)("property: $name is exact or fails the call", ({ kind, operation, name }) => {
    const max = (1n << BigInt(kind.bits - Number(kind.isSigned))) - 1n;
    const min = kind.isSigned ? -max - 1n : 0n;
    const edges = fc.constantFrom(min, max, 0n, 1n, max - 1n, max >> 1n, kind.isSigned ? -1n : 2n);
    const value = fc.oneof(edges, fc.bigInt({ min, max }), fc.bigInt({ min: 0n, max: 20n }));
    fc.assert(
      fc.property(value, value, (left, right) => {
        const exact = operations[operation]?.(left, right) ?? 0n;
        const outcome = web.query(name, encode(left, kind), encode(right, kind));
        if (exact >= min && exact <= max) expect(decode(outcome.value)).toBe(exact);
        else expect(outcome.panic).toBe(`checked.${operation}: the result does not fit`);
      }),
      { numRuns: 120 },
    );
  });

  it("property: wide integers keep their words in order", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 256n) - 1n }), (value) => {
        const wide = encode(value, { name: "U256", bits: 256, isSigned: false });
        expect(web.query("textOf", wide).value).toBe(value.toString());
      }),
      { numRuns: 60 },
    );
  });
});
