/**
 * Values of the ABI: exact there and back, strict on what comes from outside, errors with a path.
 *
 * @module
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AbiMethod, AbiType } from "#protocol/abi.ts";
import { isPlainMessagePack } from "#protocol/scan.ts";
import {
  decodeResult,
  encodeArgs,
  encodeValue,
  fromJson,
  HermeticError,
  toJson,
  type Json,
} from "#sdk/client/index.ts";
import { abiWith, typed } from "#test/sdk/client/abi/arbitrary.ts";

const abi = abiWith([
  {
    name: "Bid",
    fields: [
      { name: "amount", type: "u8" },
      { name: "note", type: { option: "string" } },
    ],
  },
]);

function hex(type: AbiType, value: unknown): string {
  return encodeValue(abi, type, value).toHex();
}

function decoded(type: AbiType | null, bytes: string): unknown {
  return decodeResult(abi, type, Uint8Array.fromHex(bytes));
}

describe("encodeValue() and decodeResult()", () => {
  it("property: any value of any type comes back as it was", () => {
    fc.assert(
      fc.property(typed, ({ abi: own, type, value }) => {
        const bytes = encodeValue(own, type, value);
        expect(isPlainMessagePack(bytes)).toBe(true);
        expect(decodeResult(own, type, bytes)).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  it("property: any value goes through JSON as text and back", () => {
    fc.assert(
      fc.property(typed, ({ abi: own, type, value }) => {
        const text = JSON.stringify(toJson(own, type, value));
        const back = fromJson(own, type, JSON.parse(text) as Json);
        const again = decodeResult(own, type, encodeValue(own, type, back));
        // JSON has no -0; that it is a zero is all that is kept.
        expect(toJson(own, type, again)).toEqual(JSON.parse(text));
      }),
      { numRuns: 300 },
    );
  });

  it("property: random bytes decode or are refused with ABI_MISMATCH, and what decodes is canonical", () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      typed.map((t) => encodeValue(t.abi, t.type, t.value)),
    );
    fc.assert(
      fc.property(typed, bytes, ({ abi: own, type }, untrusted) => {
        try {
          const value = decodeResult(own, type, untrusted);
          const isExact =
            !JSON.stringify(type).includes("f32") && !JSON.stringify(own).includes("f32");
          if (isExact) expect(encodeValue(own, type, value).length).toBe(untrusted.length);
        } catch (error) {
          if (!(error instanceof HermeticError)) throw error;
          expect(error.code).toBe("HRM2008");
        }
      }),
      { numRuns: 1000 },
    );
  });

  it.each<[AbiType, unknown, string]>([
    ["u8", 0, "00"],
    ["u8", 127, "7f"],
    ["u8", 128, "cc80"],
    ["u16", 256, "cd0100"],
    ["u32", 65_536, "ce00010000"],
    ["u64", 2n ** 32n, "cf0000000100000000"],
    ["u64", 2n ** 64n - 1n, "cfffffffffffffffff"],
    ["i8", -1, "ff"],
    ["i8", -32, "e0"],
    ["i8", -33, "d0df"],
    ["i16", -129, "d1ff7f"],
    ["i32", -32_769, "d2ffff7fff"],
    ["i64", -(2n ** 31n) - 1n, "d3ffffffff7fffffff"],
    ["i64", -(2n ** 63n), "d38000000000000000"],
    ["i64", 200n, "ccc8"],
    ["u128", 1n, `c410${"00".repeat(15)}01`],
    ["u256", 2n ** 256n - 1n, `c420${"ff".repeat(32)}`],
    ["f32", 1.5, "ca3fc00000"],
    ["f64", 1.5, "cb3ff8000000000000"],
    ["bool", true, "c3"],
    ["string", "ä", "a2c3a4"],
    ["bytes", new Uint8Array(2), "c4020000"],
    [{ option: "u8" }, null, "c0"],
    [{ list: "u8" }, [1, 2], "920102"],
    [{ data: "Bid" }, { amount: 1, note: null }, "9201c0"],
  ])("writes %o %o as %s and reads it back", (type, value, bytes) => {
    expect(hex(type, value)).toBe(bytes);
    expect(decoded(type, bytes)).toEqual(value);
  });

  it("reads a result of nothing, and only that", () => {
    expect(decoded(null, "c0")).toBeUndefined();
    expect(() => decoded(null, "00")).toThrow("result is a value where none is expected");
  });

  it.each<[AbiType, string, string]>([
    ["u8", "", "result ends too early"],
    ["u8", "0000", "has bytes behind its end"],
    ["u8", "cc7f", "is not in its shortest form"],
    ["u16", "cd00ff", "is not in its shortest form"],
    ["u64", "cf00000000ffffffff", "is not in its shortest form"],
    ["i64", "d30000000100000000", "is not in its shortest form"],
    ["i16", "d1ff80", "is not in its shortest form"],
    ["i8", "d0e0", "is not in its shortest form"],
    ["u8", "cd0100", "is outside u8"],
    ["u8", "ff", "is outside u8"],
    ["i8", "cc80", "is outside i8"],
    ["u8", "cb3ff0000000000000", "is not an integer"],
    ["f64", "01", "is not an f64"],
    ["f64", "ca3fc00000", "is not an f64"],
    ["bool", "01", "is not a bool"],
    ["string", "d901 61", "is not in its shortest form"],
    ["string", "a1ff", "is not valid UTF-8"],
    ["string", "dbffffffff", "ends too early"],
    ["bytes", "c500020000", "is not in its shortest form"],
    ["bytes", "c6ffffffff", "ends too early"],
    ["account", "c4020000", "has 2 bytes, not 32"],
    ["u128", "01", "is not a byte string"],
    [{ list: "u8" }, "ddffffffff", "ends too early"],
    [{ list: { list: "u8" } }, "92910191ff", "result[1][0] is outside u8"],
    [{ data: "Bid" }, "9101", "result has 1 fields where 2 are expected"],
    [{ data: "Bid" }, "92cc80c0ff", "has bytes behind its end"],
    [{ data: "Bid" }, "920101", "result.note is not a string"],
    ["u8", "c1", "is not an integer"],
    ["u8", "d40101", "is not an integer"],
  ])("refuses %o from %s: %s", (type, bytes, problem) => {
    expect(() => decoded(type, bytes.replaceAll(" ", ""))).toThrow(problem);
  });

  it.each<[AbiType, unknown, string]>([
    ["u8", 256, "args.x: 256 is over u8"],
    ["u8", -1, "args.x: -1 is under u8"],
    ["u8", 1.5, "args.x: 1.5 is not an integer"],
    ["u8", Number.NaN, "args.x: NaN is not an integer"],
    ["u8", "1", "args.x: is a string, not an integer for u8"],
    ["u64", 2 ** 53, "is not exact: pass a bigint"],
    ["u64", 2n ** 64n, "is over u64"],
    ["i64", -(2n ** 63n) - 1n, "is under i64"],
    ["u256", 2n ** 256n, "is over u256"],
    ["bool", 1, "args.x: is a number, not a boolean"],
    ["f64", 1n, "args.x: is a bigint, not a number"],
    ["string", new Uint8Array(), "args.x: is a Uint8Array, not a string"],
    ["string", "\ud800", "has half of a surrogate pair"],
    ["bytes", "00", "args.x: is a string, not a Uint8Array"],
    ["account", "00", "is not an account"],
    [{ list: "u8" }, { length: 1 }, "args.x: is an object, not an array"],
    [{ list: "u8" }, [1, 300], "args.x[1]: 300 is over u8"],
    [{ data: "Bid" }, { amount: 300 }, "args.x.amount: 300 is over u8"],
    [{ data: "Bid" }, {}, "args.x.amount: is missing"],
    [{ data: "Bid" }, { amount: 1, other: 1 }, "args.x.other: is not expected"],
    [{ data: "Bid" }, 5, "args.x: is a number, not an object"],
  ])("refuses %o for %o: %s", (type, value, problem) => {
    const method: AbiMethod = {
      name: "m",
      kind: "command",
      inputs: [{ name: "x", type }],
      output: null,
    };
    expect(() => encodeArgs(abi, method, { x: value })).toThrow(problem);
  });

  it("never quotes a text or bytes that do not fit", () => {
    for (const type of [
      "u8",
      "bool",
      "f64",
      "account",
      { list: "u8" },
      { data: "Bid" },
    ] as AbiType[]) {
      expect(() => encodeValue(abi, type, "hunter2")).not.toThrow("hunter2");
    }
  });

  it("takes an account in any case, with 0x, or as bytes", () => {
    const account = "AB".repeat(32);
    const bytes = encodeValue(abi, "account", account);
    expect(encodeValue(abi, "account", `0x${account.toLowerCase()}`)).toEqual(bytes);
    expect(encodeValue(abi, "account", Uint8Array.fromHex(account))).toEqual(bytes);
  });

  it("refuses values nested without end", () => {
    const loop = abiWith([
      { name: "Loop", fields: [{ name: "next", type: { option: { data: "Loop" } } }] },
    ]);
    const value: { next?: unknown } = {};
    value.next = value;
    expect(() => encodeValue(loop, { data: "Loop" }, value)).toThrow("is nested over 32 deep");
    const deep = new Uint8Array(10_000).fill(0x91);
    expect(() => decodeResult(loop, { data: "Loop" }, deep)).toThrow("is nested too deeply");
  });
});

describe("encodeArgs()", () => {
  const method: AbiMethod = {
    name: "bid",
    kind: "command",
    inputs: [
      { name: "amount", type: "u64" },
      { name: "note", type: { option: "string" } },
    ],
    output: null,
  };

  it("takes an object in any order, or an array in order; options may be left out", () => {
    const expected = "9205c0";
    for (const args of [
      { amount: 5 },
      { note: null, amount: 5n },
      { amount: 5, note: undefined },
      [5, null],
    ]) {
      expect(encodeArgs(abi, method, args).toHex()).toBe(expected);
    }
  });

  it("refuses a wrong count, a missing and an unknown name", () => {
    expect(() => encodeArgs(abi, method, [5])).toThrow("args: has 1 values where 2 are expected");
    expect(() => encodeArgs(abi, method, {})).toThrow("args.amount: is missing");
    expect(() => encodeArgs(abi, method, undefined)).toThrow("args.amount: is missing");
    expect(() => encodeArgs(abi, method, { amount: 5, nota: "" })).toThrow(
      "args.nota: is not expected",
    );
  });

  it("does not take an inherited property for an argument", () => {
    const own: AbiMethod = { ...method, inputs: [{ name: "constructor", type: "u8" }] };
    expect(() => encodeArgs(abi, own, {})).toThrow("args.constructor: is missing");
  });

  it("refuses arguments over a mebibyte before anything is sent", () => {
    const own: AbiMethod = { ...method, inputs: [{ name: "x", type: "bytes" }] };
    expect(() => encodeArgs(abi, own, [new Uint8Array(1024 * 1024)])).toThrow("1048576 bytes");
  });
});

describe("fromJson()", () => {
  it.each<[AbiType, Json, unknown]>([
    ["u64", "18446744073709551615", 2n ** 64n - 1n],
    ["u64", 5, 5],
    ["i64", "-5", -5n],
    ["bytes", "0xff00", Uint8Array.of(255, 0)],
    ["bytes", "", new Uint8Array()],
    ["f64", "NaN", Number.NaN],
    [{ option: "u64" }, null, null],
    [{ list: "u128" }, ["1", 2], [1n, 2]],
    [{ data: "Bid" }, { amount: "7" }, { amount: 7n }],
  ])("reads %o from %o", (type, json, value) => {
    expect(fromJson(abi, type, json)).toEqual(value);
  });

  it.each<[AbiType, Json, string]>([
    ["u64", "1e3", "is not a decimal number"],
    ["u64", "0x10", "is not a decimal number"],
    ["u64", " 1", "is not a decimal number"],
    ["u64", "01", "is not a decimal number"],
    ["u256", "1".repeat(100_000), "is not a decimal number"],
    ["bytes", "f", "is not hexadecimal"],
    [{ list: "u8" }, "1", "value: is not an array"],
    [{ data: "Bid" }, null, "value: is not an object or array"],
  ])("refuses %o from %o", (type, json, problem) => {
    expect(() => fromJson(abi, type, json)).toThrow(problem);
  });
});
