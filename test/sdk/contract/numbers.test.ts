/**
 * Numbers of the compiler's standard library where it was repaired.
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
