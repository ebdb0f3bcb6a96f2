import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Fault } from "#protocol/fault.ts";
import { Reader } from "#host/vm/decode/reader.ts";
import { signed, u32 } from "#test/support/wasm.ts";

function reader(...bytes: number[]): Reader {
  return new Reader(Uint8Array.from(bytes), 0, bytes.length, "MODULE_MALFORMED");
}

describe("Reader", () => {
  it("property: reads every u32 and i32 in its one encoding", () => {
    fc.assert(
      fc.property(fc.integer(), (value) => {
        const unsigned = reader(...u32(value >>> 0));
        expect(unsigned.u32()).toBe(value >>> 0);
        expect(unsigned.done).toBe(true);
        const both = reader(...signed(value));
        expect(both.i32()).toBe(value);
        expect(both.done).toBe(true);
      }),
    );
    for (const edge of [0, 1, 63, 64, 127, 128, -1, -64, -65, 2 ** 31 - 1, -(2 ** 31)]) {
      expect(reader(...signed(edge)).i32()).toBe(edge);
    }
  });

  it("property: skips every i64 in its one encoding", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        const source = reader(...signed(value));
        source.skipI64();
        expect(source.done).toBe(true);
      }),
    );
  });

  it("refuses numbers that are padded, too wide or cut off", () => {
    const bad: [method: "u32" | "i32" | "skipI64", bytes: number[]][] = [
      ["u32", [0x80, 0x00]],
      ["u32", [0x80, 0x80, 0x80, 0x80, 0x10]],
      ["u32", [0x80, 0x80, 0x80, 0x80, 0x80, 0x00]],
      ["u32", [0x80]],
      ["i32", [0x80, 0x00]],
      ["i32", [0xff, 0x7f]],
      ["i32", [0x80, 0x80, 0x80, 0x80, 0x08]],
      ["i32", [0xff, 0xff, 0xff, 0xff, 0x77]],
      ["i32", []],
      ["skipI64", [0xff, 0x7f]],
      ["skipI64", [...Array.from({ length: 9 }, () => 0x80), 0x02]],
      ["skipI64", Array.from({ length: 11 }, () => 0x80)],
    ];
    for (const [method, bytes] of bad) {
      expect(() => reader(...bytes)[method](), `${method} ${bytes.join()}`).toThrow(Fault);
    }
  });

  it("says where it stopped", () => {
    const source = reader(1, 2, 3);
    source.skip(2);
    expect(() => source.skip(2)).toThrow(
      expect.objectContaining({ code: "MODULE_MALFORMED", facts: { offset: 2, length: 2 } }),
    );
  });
});
