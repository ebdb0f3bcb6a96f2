import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toHex, utf8 } from "#protocol/bytes.ts";
import { integer, pack, unpack } from "#protocol/codec.ts";
import { Fault } from "#protocol/fault.ts";

describe("pack()", () => {
  it.each([
    [0, "00"],
    [127, "7f"],
    [128, "cc80"],
    [255, "ccff"],
    [256, "cd0100"],
    [65_535, "cdffff"],
    [65_536, "ce00010000"],
    [2 ** 32 - 1, "ceffffffff"],
    [2 ** 32, "d30000000100000000"],
    [Number.MAX_SAFE_INTEGER, "d3001fffffffffffff"],
    [2n ** 64n - 1n, "cfffffffffffffffff"],
    [-1, "ff"],
    [-32, "e0"],
    [-33, "d0df"],
    [-128, "d080"],
    [-129, "d1ff7f"],
    [-32_769, "d2ffff7fff"],
    [-(2 ** 31), "d280000000"],
    [-(2 ** 31) - 1, "d3ffffffff7fffffff"],
    [-(2n ** 63n), "d38000000000000000"],
  ])("writes the integer %s in one form", (value, hex) => {
    expect(toHex(pack(integer(value)))).toBe(hex);
  });

  it("property: integers come back as they were", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), (value) => {
        expect(BigInt(unpack(pack(integer(value))) as number | bigint)).toBe(value);
      }),
    );
  });

  it("does not keep a large buffer alive for a small value", () => {
    pack([new Uint8Array(4_000_000)]);
    expect(pack([1]).buffer.byteLength).toBeLessThan(100);
  });

  it("gives bytes that later calls do not touch", () => {
    const first = pack([1, 2, 3]);
    const copy = first.slice();
    for (let i = 0; i < 2000; i++) pack([i, new Uint8Array(50)]);
    expect(first).toEqual(copy);
  });
});

describe("unpack()", () => {
  it("property: returns or throws the fault it was told to", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        try {
          unpack(bytes, "SEAL_BROKEN", { at: 3 });
        } catch (error) {
          expect(error).toBeInstanceOf(Fault);
          expect(error).toMatchObject({ code: "SEAL_BROKEN", facts: { at: 3 } });
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("refuses maps, and with them repeated keys and prototypes", () => {
    const bytes = Uint8Array.of(0x81, 0xa9, ...utf8("__proto__"), 0x81, 0xa1, 0x61, 0x01);
    expect(() => unpack(bytes)).toThrow("MESSAGE_MALFORMED");
    expect(() => unpack(pack({ a: 1 }))).toThrow("MESSAGE_MALFORMED");
  });
});
