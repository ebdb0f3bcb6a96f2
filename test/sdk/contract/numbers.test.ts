/**
 * Numbers where the compiler or its libraries were repaired.
 *
 * @module
 */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { Guest } from "#test/support/guest.ts";

let numbers: Guest;
beforeAll(async () => {
  numbers = await Guest.build("test/sdk/fixtures/numbers.ts");
});

const parsed = (text: string): number => numbers.query("float", text).value as number;
/** Digits, a point somewhere among them or nowhere, and an exponent around which it was wrong. */
const text = fc
  .tuple(fc.stringMatching(/^[1-9]\d{0,24}$/), fc.nat(24), fc.integer({ min: -60, max: 60 }))
  .map(([digits, point, exponent]) =>
    point < digits.length
      ? `${digits.slice(0, point + 1)}.${digits.slice(point + 1)}e${exponent}`
      : `${digits}e${exponent}`,
  );

describe("parseFloat()", () => {
  it.each(["12345678901234567e30", "1.5e45", "18446744073709551615e25", "9007199254740993e23"])(
    "reads %s, which the library takes for a smaller power of ten",
    (each) => {
      expect(parsed(each) / Number(each)).toBeCloseTo(1, 14);
    },
  );

  it("property: is exact for up to 15 digits and near powers of ten", () => {
    const exact = fc
      .tuple(fc.nat(999_999_999_999_999), fc.integer({ min: -22, max: 22 }))
      .map(([digits, exponent]) => `${digits}e${exponent}`);
    fc.assert(
      fc.property(exact, (each) => {
        expect(parsed(each)).toBe(Number(each));
      }),
    );
  });

  it("property: is never off by more than the last two bits", () => {
    fc.assert(
      fc.property(text, (each) => {
        const error = Math.abs(parsed(each) / Number(each) - 1);
        expect(error).toBeLessThanOrEqual(2 ** -51);
      }),
      { numRuns: 500 },
    );
  });
});

/** Wide integers are bytes for the codec, the highest first. */
const wide = (value: bigint, bits: number): Uint8Array =>
  Uint8Array.fromHex(value.toString(16).padStart(bits / 4, "0"));
const number = (bytes: unknown): bigint => BigInt(`0x${(bytes as Uint8Array).toHex()}`);

const u256 = fc.oneof(
  fc.bigInt(0n, (1n << 256n) - 1n),
  fc.bigInt(0n, 255n),
  fc.nat(255).map((bits) => 1n << BigInt(bits)),
);

describe("u256", () => {
  it("property: has a rest of a division, as every integer", () => {
    const divisor = u256.filter((value) => value > 0n);
    fc.assert(
      fc.property(u256, divisor, (a, b) => {
        expect(number(numbers.query("rest", wide(a, 256), wide(b, 256)).value)).toBe(a % b);
      }),
    );
  });

  it("is made of quarters, as u128 of halves", () => {
    expect(number(numbers.query("quarters", 1, 2, 3, 4).value)).toBe(
      1n + (2n << 64n) + (3n << 128n) + (4n << 192n),
    );
    expect(number(numbers.query("halves", 5, 6).value)).toBe(5n + (6n << 64n));
  });
});

describe("++ and -- of wide integers", () => {
  it.each([
    ["u128", "stepped", 128],
    ["u256", "steppedWide", 256],
  ] as const)("leave what a %s was copied from as it is", (_, method, bits) => {
    const limit = 1n << BigInt(bits);
    for (const value of [0n, 1n, 7n, (1n << 64n) - 1n, 1n << 64n, limit - 1n]) {
      const [up, down] = [(value + 1n) % limit, (value + limit - 1n) % limit];
      const stepped = numbers.query(method, wide(value, bits)).value as unknown[];
      expect(stepped.map(number)).toEqual([up, up, down, down, value, up, value, down, value]);
    }
  });
});

describe("a comparison with a call behind a point", () => {
  it("is not taken for type arguments", () => {
    expect(numbers.query("isLess", 4, 5).value).toBe(true);
    expect(numbers.query("isLess", 5, 5).value).toBe(false);
  });
});
