/**
 * The JSON reader against `JSON.parse`: what one takes the other takes, and they read the same.
 *
 * @module
 */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { Guest, reply, type GuestOutcome } from "#test/support/guest.ts";

let web: Guest;
beforeAll(async () => {
  web = await Guest.build("test/sdk/fixtures/web.ts");
});

/** Calls a method of the fixture, which reads `text` as JSON. */
function read(text: string, method: string, ...args: readonly unknown[]): GuestOutcome {
  web.answer = () => reply(200, text);
  return web.query(method, ...args);
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** Keys without what a path cannot name. */
const key = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 6 })
  .filter((each) => !each.includes("."));
const { tree } = fc.letrec<{ tree: fc.JsonValue }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(
      fc.string({ unit: "binary" }),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
    ),
    fc.array(tie("tree"), { maxLength: 4 }),
    fc.dictionary(key, tie("tree"), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

describe("Json", () => {
  it("property: reads each value as JSON.parse does", () => {
    fc.assert(
      fc.property(tree, fc.constantFrom(undefined, 1, "\t"), (value, indent) => {
        const text = JSON.stringify({ v: value }, null, indent);
        const { v } = JSON.parse(text) as { v: unknown };
        expect(read(text, "isNull", "v").value).toBe(v === null);
        if (typeof v === "string") {
          // A lone surrogate cannot be said in a result: it becomes U+FFFD.
          expect(read(text, "asString", "v").value).toBe(v.toWellFormed());
        } else if (typeof v === "boolean") {
          expect(read(text, "asBool", "v").value).toBe(v);
        } else if (v !== null && typeof v === "object") {
          expect(read(text, "length", "v").value).toBe(Object.keys(v).length);
          for (const [name, child] of Object.entries(v)) {
            expect(read(text, "isNull", `v.${name}`).value).toBe(child === null);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it("property: takes exactly what JSON.parse takes", () => {
    const edit = fc.tuple(fc.nat(), fc.constantFrom(...'{}[]",:0123.eE+-\\utfn \n\u0001x'));
    fc.assert(
      fc.property(tree, fc.array(edit, { minLength: 1, maxLength: 3 }), (value, edits) => {
        const units = [...JSON.stringify(value)];
        for (const [at, unit] of edits) units[at % units.length] = unit;
        const text = units.join("");
        const expected = parsed(text);
        const isNull = expected === undefined || expected.value === null;
        expect(read(text, "docIsNull").value).toBe(isNull);
      }),
      { numRuns: 600 },
    );
  });

  it("property: reads floats as JSON.parse does, but for the last bits", () => {
    const normal = fc.double({ noNaN: true, noDefaultInfinity: true });
    const double = fc.oneof(
      fc.double({ noNaN: true, min: -1e60, max: 1e60 }),
      normal.filter((value) => value === 0 || Math.abs(value) > 1e-290),
    );
    fc.assert(
      fc.property(double, (value) => {
        const number = read(JSON.stringify({ v: value }), "asF64", "v").value as number;
        expect(Math.abs(number - value)).toBeLessThanOrEqual(Math.abs(value) * 2 ** -48);
      }),
      { numRuns: 300 },
    );
  });

  it("property: reads decimals exactly", () => {
    const digits = fc.tuple(
      fc.nat({ max: 1_000_000 }),
      fc.nat({ max: 999_999 }),
      fc.integer({ min: -9, max: 9 }),
    );
    fc.assert(
      fc.property(digits, fc.nat({ max: 9 }), ([whole, fraction, exponent], places) => {
        const number = `${whole}.${String(fraction).padStart(6, "0")}`;
        const shift = exponent + places - 6;
        const all = BigInt(number.replace(".", ""));
        const expected = shift < 0 ? all / 10n ** BigInt(-shift) : all * 10n ** BigInt(shift);
        const outcome = read(`{"v":${number}e${exponent}}`, "asDecimal", "v", places);
        if (expected < 1n << 64n) expect(BigInt(outcome.value as number)).toBe(expected);
        else expect(outcome.panic).toBe("JSON: the number is too large");
      }),
      { numRuns: 200 },
    );
  });

  it("property: reads whole numbers and decimals below zero exactly", () => {
    const number = fc.record({
      whole: fc.oneof(fc.bigInt({ min: 0n, max: 1n << 64n }), fc.constantFrom(0n, 1n << 63n)),
      fraction: fc.nat({ max: 99 }),
      isNegative: fc.boolean(),
    });
    const isHeld = (value: bigint) => BigInt.asIntN(64, value) === value;
    fc.assert(
      fc.property(number, fc.nat({ max: 3 }), ({ whole, fraction, isNegative }, places) => {
        const sign = isNegative ? "-" : "";
        const all = whole * 100n + BigInt(fraction);
        const size = (all * 10n ** BigInt(places)) / 100n;
        const decimal = isNegative ? -size : size;
        const digits = `${sign}${whole}.${String(fraction).padStart(2, "0")}`;
        const outcome = read(`{"v":${digits}}`, "asSignedDecimal", "v", places);
        if (isHeld(decimal)) expect(BigInt(outcome.value as number)).toBe(decimal);
        else expect(outcome.panic).toBe("JSON: the number is too large");
        const plain = read(`{"v":${sign}${whole}}`, "asI64", "v");
        const value = isNegative ? -whole : whole;
        if (isHeld(value)) expect(BigInt(plain.value as number)).toBe(value);
        else expect(plain.panic).toBe("JSON: the number is too large");
      }),
      { numRuns: 200 },
    );
  });

  it("finds nested members and items", () => {
    const text = '{"rates":{"USD":1.0834,"JPY":[1,{"x":"y"}]},"":{"a":1},"a b":2}';
    expect(read(text, "asDecimal", "rates.USD", 6).value).toBe(1_083_400);
    expect(read(text, "asDecimal", "rates.USD", 2).value).toBe(108);
    expect(read(text, "asDecimalOr", "rates.USD", 2).value).toBe(108);
    expect(read(text, "asDecimalOr", "rates.EUR", 2).value).toBe(99);
    expect(read(text, "asString", "rates.JPY.1.x").value).toBe("y");
    expect(read(text, "asU64", ".a").value).toBe(1);
    expect(read(text, "asU64", "a b").value).toBe(2);
  });

  it("reads what is not there as null, and takes the last of equal names", () => {
    const text = '{"a":{"b":1},"a":{"c":[]}}';
    for (const path of ["x", "a.b", "a.c.0", "a.c.x", "a.c.0.y", "", "."]) {
      expect(read(text, "isNull", path).value).toBe(true);
    }
    expect(read(text, "isNull", "a.c").value).toBe(false);
    expect(read(text, "length", "a.c").value).toBe(0);
  });

  it("tells strings from everything else", () => {
    expect(read('{"v":""}', "isString", "v").value).toBe(true);
    for (const value of ["1", "null", "{}", "[]", "true"]) {
      expect(read(`{"v":${value}}`, "isString", "v").value).toBe(false);
    }
    expect(read("{}", "isString", "v").value).toBe(false);
  });

  it.each([
    ["asString", "1"],
    ["asString", "null"],
    ["asU64", "-1"],
    ["asU64", "1.5"],
    ["asU64", "1e3"],
    ["asU64", '"1"'],
    ["asU64", "18446744073709551616"],
    ["asI64", "-1.5"],
    ["asI64", "-1e3"],
    ["asI64", "null"],
    ["asBool", "1"],
    ["asF64", "true"],
  ])("%s fails the call on %s", (method, value) => {
    expect(read(`{"v":${value}}`, method, "v").panic).toMatch(/^JSON: /);
  });

  it.each(["-1", "1e1000", "1e19", "null", "{}"])("asDecimal fails the call on %s", (value) => {
    expect(read(`{"v":${value}}`, "asDecimal", "v", 6).panic).toMatch(/^JSON: /);
    expect(read(`{"v":${value}}`, "asDecimalOr", "v", 6).value).toBe(99);
  });

  it.each(["null", '"-1"', "-1e1000", "-1e13"])("asSignedDecimal fails the call on %s", (value) => {
    expect(read(`{"v":${value}}`, "asSignedDecimal", "v", 6).panic).toMatch(/^JSON: /);
  });

  it("reads floats from the smallest to the largest, and fails the call on more", () => {
    expect(read('{"v":-0}', "asF64", "v").value).toBe(-0);
    expect(read('{"v":5e-400}', "asF64", "v").value).toBe(0);
    expect(read(`{"v":0.${"0".repeat(400)}1e401}`, "asF64", "v").value).toBe(1);
    expect(read(`{"v":${"9".repeat(300)}e-299}`, "asF64", "v").value).toBeCloseTo(10, 12);
    expect(read('{"v":1e309}', "asF64", "v").panic).toMatch(/too large/);
    expect(read('{"v":1e1000}', "asF64", "v").panic).toMatch(/too large/);
  });

  it("takes the largest u64", () => {
    expect(read('{"v":18446744073709551615}', "asU64", "v").value).toBe(18446744073709551615n);
  });

  it("reads nesting 32 deep and calls more null", () => {
    const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
    expect(read(nested(32), "docIsNull").value).toBe(false);
    expect(read(nested(33), "docIsNull").value).toBe(true);
    expect(read(nested(50_000), "docIsNull").value).toBe(true);
  });
});
