/**
 * Keys of state: unlike values get unlike keys, and the order of the bytes is that of the values.
 *
 * @module
 */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { Guest } from "#test/support/guest.ts";

let keys: Guest;
beforeAll(async () => {
  keys = await Guest.build("test/sdk/fixtures/keys.ts");
});

/** The one key that a command writes. */
function keyOf(method: string, argument: unknown): Buffer {
  const { writes } = keys.command(method, argument);
  const [key, second] = writes;
  if (key === undefined || second !== undefined)
    throw new Error(`${method} wrote ${writes.length}`);
  return Buffer.from(key, "latin1");
}

const numbers: readonly (readonly [method: string, bits: number, isSigned: boolean])[] = [
  ["ofU8", 8, false],
  ["ofU16", 16, false],
  ["ofU32", 32, false],
  ["ofU64", 64, false],
  ["ofI8", 8, true],
  ["ofI16", 16, true],
  ["ofI32", 32, true],
  ["ofI64", 64, true],
];

describe("itemKey()", () => {
  it.each(numbers)("property: %s sorts like its numbers", (method, bits, isSigned) => {
    const max = 1n << BigInt(bits - Number(isSigned));
    const value = fc.bigInt({ min: isSigned ? -max : 0n, max: max - 1n });
    fc.assert(
      fc.property(value, value, (left, right) => {
        const order = Buffer.compare(keyOf(method, left), keyOf(method, right));
        expect(order).toBe(left < right ? -1 : left > right ? 1 : 0);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ["ofU128", 16],
    ["ofU256", 32],
    ["ofAccount", 32],
  ])("property: %s sorts like its big-endian bytes", (method, length) => {
    const value = fc.uint8Array({ minLength: length, maxLength: length });
    fc.assert(
      fc.property(value, value, (left, right) => {
        const order = Buffer.compare(keyOf(method, left), keyOf(method, right));
        expect(order).toBe(Buffer.compare(left, right));
      }),
      { numRuns: 100 },
    );
  });

  it("is the name, a zero byte and the key itself", () => {
    expect(keyOf("ofBool", true).toString("hex")).toBe("6200" + "01");
    expect(keyOf("ofU16", 0x0102).toString("hex")).toBe("75313673" + "00" + "0102");
    expect(keyOf("ofI8", -1).toString("hex")).toBe("693873" + "00" + "7f");
    expect(keyOf("ofString", "é€").toString("hex")).toBe("7300" + "c3a9e282ac");
    expect(keyOf("ofBytes", Uint8Array.of(0, 255)).toString("hex")).toBe("7200" + "00ff");
  });
});
