/**
 * The contract's codec against an encoder written here from the specification, and against
 * msgpackr: equal bytes for equal values, and a refusal for everything that is not the one form.
 *
 * @module
 */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { pack, unpack } from "#protocol/codec.ts";
import { account, Guest, type GuestOutcome } from "#test/support/guest.ts";
import {
  arrayOf,
  encode,
  floatBytes,
  integerBytes,
  nil,
  type Encoded,
} from "#test/support/messagepack.ts";

const FIXTURE = "test/sdk/fixtures/echo.ts";
let echo: Guest;
beforeAll(async () => {
  echo = await Guest.build(FIXTURE);
});

/** Calls a method with arguments as bytes and returns the bytes of the outcome. */
function call(method: string, ...args: readonly Encoded[]): GuestOutcome {
  return echo.raw("query", method, Uint8Array.from(arrayOf(args)));
}

function returned(method: string, value: Encoded): Encoded {
  const outcome = call(method, value);
  if (!outcome.bytes) throw new Error(`${method}: ${outcome.fault} ${outcome.panic}`);
  return [...outcome.bytes];
}

const numberOf = (bytes: number): fc.Arbitrary<Encoded> =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map(encode);
const point = fc
  .tuple(fc.integer(), fc.integer())
  .map((pair) => arrayOf(pair.map((each) => integerBytes(BigInt(each)))));
const text = fc.string({ unit: "grapheme", maxLength: 80 });
const unsigned = (bits: number): fc.Arbitrary<Encoded> =>
  fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n }).map(integerBytes);
const signed = (bits: number): fc.Arbitrary<Encoded> =>
  fc
    .bigInt({ min: -(1n << BigInt(bits - 1)), max: (1n << BigInt(bits - 1)) - 1n })
    .map(integerBytes);
function treeOf(depth: number): fc.Arbitrary<Encoded> {
  const children = depth === 0 ? fc.constant([]) : fc.array(treeOf(depth - 1), { maxLength: 3 });
  return fc.tuple(text, children).map(([label, below]) => arrayOf([encode(label), arrayOf(below)]));
}

const values: Readonly<Record<string, fc.Arbitrary<Encoded>>> = {
  ofBool: fc.boolean().map(encode),
  ofU8: unsigned(8),
  ofU16: unsigned(16),
  ofU32: unsigned(32),
  ofU64: unsigned(64),
  ofI8: signed(8),
  ofI16: signed(16),
  ofI32: signed(32),
  ofI64: signed(64),
  ofF32: fc.float({ noNaN: true }).map((value) => floatBytes(value, 4)),
  ofF64: fc.double({ noNaN: true }).map((value) => floatBytes(value, 8)),
  ofU128: numberOf(16),
  ofU256: numberOf(32),
  ofString: text.map(encode),
  ofBytes: fc.uint8Array({ maxLength: 300 }).map(encode),
  ofAccount: numberOf(32),
  ofList: fc.array(unsigned(32), { maxLength: 40 }).map(arrayOf),
  ofLists: fc.array(fc.array(text.map(encode)).map(arrayOf)).map(arrayOf),
  ofOption: fc.option(text).map(encode),
  ofOptionList: fc.array(fc.option(point, { nil })).map(arrayOf),
  ofPoint: point,
  ofTree: treeOf(4),
  ofMixed: fc
    .tuple(
      numberOf(32),
      fc.option(text).map(encode),
      fc.array(point).map(arrayOf),
      fc.uint8Array({ maxLength: 40 }).map(encode),
      numberOf(16),
    )
    .map(arrayOf),
  ofNothing: fc.constant(arrayOf([])),
};

describe("encode() and decode()", () => {
  it.each(Object.entries(values))(
    "property: %s returns the bytes it was given",
    (method, value) => {
      fc.assert(
        fc.property(value, (bytes) => {
          expect(returned(method, bytes)).toEqual(bytes);
        }),
        { numRuns: 60 },
      );
    },
  );

  it.each([
    ["ofU8", [0n, 127n, 128n, 255n]],
    ["ofU16", [255n, 256n, 65535n]],
    ["ofU32", [65535n, 65536n, 4294967295n]],
    ["ofU64", [4294967295n, 4294967296n, 18446744073709551615n]],
    ["ofI8", [-128n, -33n, -32n, -1n, 0n, 127n]],
    ["ofI16", [-32768n, -129n, -128n, 128n, 32767n]],
    ["ofI32", [-2147483648n, -32769n, -32768n, 2147483647n]],
    ["ofI64", [-9223372036854775808n, -2147483649n, 4294967296n, 9223372036854775807n]],
  ] as const)("%s takes each edge of each integer form", (method, edges) => {
    for (const edge of edges) {
      expect(returned(method, integerBytes(edge))).toEqual(integerBytes(edge));
    }
  });

  it.each([
    ["ofU8", 256n],
    ["ofU8", -1n],
    ["ofU16", 65536n],
    ["ofU32", 4294967296n],
    ["ofU64", -1n],
    ["ofI8", 128n],
    ["ofI8", -129n],
    ["ofI16", 32768n],
    ["ofI16", -32769n],
    ["ofI32", 2147483648n],
    ["ofI32", -2147483649n],
    ["ofI64", 9223372036854775808n],
  ] as const)("%s refuses %s", (method, value) => {
    expect(call(method, integerBytes(value)).fault).toBe("ARGUMENTS_MALFORMED");
  });

  it.each([0, 31, 32, 255, 256, 65535, 65536])("takes text and bytes of length %i", (length) => {
    const word = encode("a".repeat(length));
    expect(returned("ofString", word)).toEqual(word);
    const raw = encode(new Uint8Array(length).fill(7));
    expect(returned("ofBytes", raw)).toEqual(raw);
  });

  it.each([0, 15, 16, 300])("takes a list of length %i", (length) => {
    const list = arrayOf(Array.from({ length }, () => [1]));
    expect(returned("ofList", list)).toEqual(list);
  });

  it("keeps negative zero, infinities and the smallest floats", () => {
    for (const value of [-0, Infinity, -Infinity, 5e-324]) {
      expect(returned("ofF64", floatBytes(value, 8))).toEqual(floatBytes(value, 8));
    }
  });

  it("returns nil from a method without a result", () => {
    expect(call("nothing").bytes?.toHex()).toBe("c0");
  });

  it("keeps arguments apart whatever they are called", () => {
    const outcome = call("ofMany", [1], encode("w"), encode(true), integerBytes(-5n));
    expect(outcome.value).toBe("1wtrue-5");
  });

  it("writes a lone surrogate as U+FFFD", () => {
    expect(call("lone", integerBytes(0xd800n)).value).toBe("\uFFFD");
  });
});

describe("decode() of hostile arguments", () => {
  const vectors: readonly (readonly [string, string, Encoded])[] = [
    ["an integer one byte too wide", "ofU8", [0xcd, 0, 200]],
    ["a small integer in a byte of its own", "ofU8", [0xcc, 5]],
    ["a 16-bit integer in 32 bits", "ofU64", [0xce, 0, 0, 1, 0]],
    ["a 32-bit integer in 64 bits", "ofU64", [0xcf, 0, 0, 0, 0, 255, 255, 255, 255]],
    ["a negative integer that fits a fixint", "ofI8", [0xd0, 0xff]],
    ["a positive integer in a signed form", "ofI8", [0xd0, 5]],
    ["a negative 8-bit integer in 16 bits", "ofI16", [0xd1, 0xff, 0x80]],
    ["a negative 32-bit integer in 64 bits", "ofI64", [0xd3, 255, 255, 255, 255, 128, 0, 0, 0]],
    ["a float as an integer", "ofU32", floatBytes(1, 8)],
    ["an integer as a float", "ofF64", [1]],
    ["a single as a double", "ofF64", floatBytes(1, 4)],
    ["short text with a length byte", "ofString", [0xd9, 1, 0x61]],
    ["text in the 32-bit form", "ofString", [0xdb, 0, 0, 0, 1, 0x61]],
    ["text that ends early", "ofString", [0xa5, 0x61]],
    ["text of 4 GiB", "ofString", [0xdb, 255, 255, 255, 255]],
    ["overlong UTF-8", "ofString", [0xa2, 0xc0, 0x80]],
    ["a surrogate in UTF-8", "ofString", [0xa3, 0xed, 0xa0, 0x80]],
    ["a code point past the last", "ofString", [0xa4, 0xf4, 0x90, 0x80, 0x80]],
    ["cut UTF-8", "ofString", [0xa1, 0xe2]],
    ["bytes in the 16-bit form", "ofBytes", [0xc5, 0, 1, 7]],
    ["bytes of 4 GiB", "ofBytes", [0xc6, 255, 255, 255, 255]],
    ["an account of 31 bytes", "ofAccount", encode(new Uint8Array(31))],
    ["an account of 33 bytes", "ofAccount", encode(new Uint8Array(33))],
    ["an account as text", "ofAccount", encode("a".repeat(32))],
    ["a u128 of 8 bytes", "ofU128", encode(new Uint8Array(8))],
    ["a u128 as an integer", "ofU128", [1]],
    ["a list of 4 G items", "ofList", [0xdd, 255, 255, 255, 255]],
    ["a short list in the 16-bit form", "ofList", [0xdc, 0, 1, 1]],
    ["a list longer than the bytes left", "ofList", [0x93, 1, 2]],
    ["nil for a number", "ofU8", nil],
    ["nil for text that may not be null", "ofString", nil],
    ["a class with one field too few", "ofPoint", arrayOf([[1]])],
    ["a class with one field too many", "ofPoint", arrayOf([[1], [2], [3]])],
    ["a map", "ofPoint", [0x82, 1, 1, 2, 2]],
    ["an extension", "ofBytes", [0xd4, 0, 0]],
    ["the byte that means nothing", "ofBool", [0xc1]],
  ];

  it.each(vectors)("refuses %s", (_, method, value) => {
    expect(call(method, value).fault).toBe("ARGUMENTS_MALFORMED");
  });

  it("refuses one argument too few, too many, and bytes behind the last", () => {
    expect(call("ofU8").fault).toBe("ARGUMENTS_MALFORMED");
    expect(call("ofU8", [1], [1]).fault).toBe("ARGUMENTS_MALFORMED");
    expect(echo.raw("query", "ofU8", Uint8Array.of(0x91, 1, 1)).fault).toBe("ARGUMENTS_MALFORMED");
    expect(echo.raw("query", "nothing", new Uint8Array(0)).fault).toBe("ARGUMENTS_MALFORMED");
  });

  it("takes nesting 32 deep and refuses 33", () => {
    const nested = (levels: number): Encoded => {
      let value = arrayOf([encode(""), arrayOf([])]);
      for (let level = 1; level < levels; level++) value = arrayOf([encode(""), arrayOf([value])]);
      return value;
    };
    // The array of arguments is one level, each tree two.
    expect(call("ofTree", nested(15)).fault).toBeUndefined();
    expect(call("ofTree", nested(16)).fault).toBe("ARGUMENTS_MALFORMED");
  });

  it("does not return what a reader would refuse", () => {
    expect(call("deep", [16]).fault).toBeUndefined();
    expect(call("deep", [17]).fault).toBe("PANIC");
  });

  it("property: changed bytes are refused or read, never a trap", () => {
    const cases = Object.entries(values).map(([method, value]) =>
      value.map((bytes) => ({ method, bytes })),
    );
    const edit = fc.tuple(fc.nat({ max: 60 }), fc.nat({ max: 255 }));
    fc.assert(
      fc.property(
        fc.oneof(...cases),
        fc.array(edit, { maxLength: 4 }),
        ({ method, bytes }, edits) => {
          const args = Uint8Array.from(arrayOf([bytes]));
          for (const [at, value] of edits) args[at % args.length] = value;
          const outcome = echo.raw("query", method, args);
          expect([undefined, "ARGUMENTS_MALFORMED"]).toContain(outcome.fault);
          // What was read came in its one form, so it goes out with the same bytes; NaN may not.
          if (outcome.bytes && !method.startsWith("ofF")) {
            expect([...outcome.bytes]).toEqual([...args.subarray(1)]);
          }
        },
      ),
      { numRuns: 1500 },
    );
  });
});

describe("Account", () => {
  it("compares by value", () => {
    const [one, other] = [encode(account(1)), encode(account(2))];
    expect(call("same", one, one).value).toBe(true);
    expect(call("same", one, other).value).toBe(false);
    expect(call("same", one, nil).value).toBe(false);
  });

  it("is written as 64 hexadecimal digits and read back", () => {
    const value = Uint8Array.from({ length: 32 }, (_, index) => index * 8);
    const digits = Buffer.from(value).toString("hex");
    expect(call("textOf", encode(value)).value).toBe(digits);
    expect(call("parse", encode(digits)).value).toEqual(value);
    expect(call("parse", encode(digits.toUpperCase())).value).toEqual(value);
  });

  it.each(["", "0".repeat(63), "0".repeat(65), "g".repeat(64), "0x".padEnd(64, "0")])(
    "fails on %j",
    (digits) => {
      expect(call("parse", encode(digits)).panic).toBe("an account has 64 hexadecimal digits");
    },
  );
});

describe("the codec and msgpackr", () => {
  it("property: agree on nested values", () => {
    const value = fc.tuple(fc.array(fc.array(text)));
    fc.assert(
      fc.property(value, ([lists]) => {
        const outcome = call("ofLists", [...pack(lists)]);
        expect(unpack(outcome.bytes ?? new Uint8Array(0))).toEqual(lists);
      }),
      { numRuns: 60 },
    );
  });
});
