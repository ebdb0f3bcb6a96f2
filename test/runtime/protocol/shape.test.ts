import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pack } from "#protocol/codec.ts";
import { Fault } from "#protocol/fault.ts";
import { Fields } from "#protocol/shape.ts";

function fields(...values: readonly unknown[]): Fields {
  return new Fields(values, "MESSAGE_MALFORMED");
}

describe("Fields", () => {
  it.each([
    ["an integer that is negative", () => fields(-1).integer()],
    ["an integer over its limit", () => fields(6).integer(5)],
    ["a fraction", () => fields(0.5).integer()],
    ["an integer that is not exact", () => fields(2 ** 53).integer()],
    ["a bigint as an integer", () => fields(2n ** 60n).integer()],
    ["text as an integer", () => fields("1").integer()],
    ["infinity as a number", () => fields(Infinity).number()],
    ["a map as a number", () => fields({ valueOf: 1 }).number()],
    ["a number as a boolean", () => fields(1).boolean()],
    ["bytes over their limit", () => fields(new Uint8Array(6)).bytes(5)],
    ["text as bytes", () => fields("abc").bytes(5)],
    ["bytes one too short", () => fields(new Uint8Array(31)).fixed(32)],
    ["bytes one too long", () => fields(new Uint8Array(33)).fixed(32)],
    ["text over its limit", () => fields("abc").text(2)],
    ["bytes as text", () => fields(new Uint8Array(1)).text(5)],
    ["a list that is none", () => fields({ length: 1 }).list(5, (item) => item.any())],
    ["a list over its limit", () => fields([1, 2]).list(1, (item) => item.any())],
    ["a list item that reads too little", () => fields([1, 2]).list(2, () => undefined)],
    [
      "nested fields that nobody asked for",
      () => fields([1, 2]).nested((inner) => inner.integer()),
    ],
    ["a field that is not there", () => fields().any()],
    ["an optional field that is not there", () => fields().optional((own) => own.any())],
    ["a field that nobody asked for", () => fields(1).end()],
    ["something that is no array", () => new Fields({ 0: 1 }, "MESSAGE_MALFORMED")],
  ])("refuses %s", (_, read) => {
    expect(read).toThrow(Fault);
  });

  it("takes every field at its edge", () => {
    const own = fields(5, new Uint8Array(5), "ab", null, [1], [2], true, 1.5, 2n ** 60n);
    expect(own.integer(5)).toBe(5);
    expect(own.bytes(5)).toHaveLength(5);
    expect(own.text(2)).toBe("ab");
    expect(own.optional((inner) => inner.any())).toBe(undefined);
    expect(own.list(1, (item) => item.integer())).toEqual([1]);
    expect(own.nested((inner) => inner.integer())).toBe(2);
    expect(own.boolean()).toBe(true);
    expect(own.number()).toBe(1.5);
    expect(own.number()).toBe(2 ** 60);
    own.end();
  });

  it("copies bytes, so that later changes of the source are not seen", () => {
    const packed = pack([Uint8Array.of(1, 2)]);
    const own = Fields.parse(packed, "MESSAGE_MALFORMED").bytes(2);
    packed.fill(9);
    expect([...own]).toEqual([1, 2]);
  });

  it("property: any reading of any values ends in a value or its own fault", () => {
    const readers: ((own: Fields) => unknown)[] = [
      (own) => own.any(),
      (own) => own.integer(),
      (own) => own.number(),
      (own) => own.boolean(),
      (own) => own.bytes(8),
      (own) => own.fixed(2),
      (own) => own.text(8),
      (own) => own.optional((inner) => inner.text(3)),
      (own) => own.list(4, (item) => item.integer()),
      (own) => own.nested((inner) => inner.any()),
      (own) => own.end(),
    ];
    const order = fc.array(fc.nat(readers.length - 1));
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withTypedArray: true }),
        order,
        (value, calls) => {
          try {
            const own = new Fields(value, "ENVELOPE_MALFORMED");
            for (const call of calls) readers[call]?.(own);
          } catch (error) {
            expect(error).toMatchObject({ name: "Fault", code: "ENVELOPE_MALFORMED" });
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
