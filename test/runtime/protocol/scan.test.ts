import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Unpackr } from "msgpackr";
import { pack } from "#protocol/codec.ts";
import { DECODE_DEPTH_MAX } from "#protocol/limits.ts";
import { isPlainMessagePack } from "#protocol/scan.ts";
import { processorTime } from "#test/support/processor-time.ts";

const plain = fc.letrec((tie) => ({
  leaf: fc.oneof(
    fc.integer({ min: -(2 ** 31), max: 2 ** 32 - 1 }),
    fc
      .bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n })
      .filter((n) => n < -(2n ** 31n) || n >= 2n ** 32n),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.string(),
    fc.uint8Array(),
  ),
  value: fc.oneof({ depthSize: "small" }, tie("leaf"), fc.array(tie("value"), { maxLength: 6 })),
})).value;

/** Seconds are generous; the point is that no input makes the scan work for its claim. */
function quick(run: () => void): void {
  const usedMs = processorTime();
  run();
  expect(usedMs()).toBeLessThan(1000);
}

describe("isPlainMessagePack()", () => {
  it("property: accepts whatever the codec packs", () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(isPlainMessagePack(pack(value))).toBe(true);
      }),
    );
  });

  it("property: never throws, and what it accepts msgpackr decodes", () => {
    const unpackr = new Unpackr({ useRecords: false, int64AsType: "bigint" });
    const mutated = fc
      .tuple(plain, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }))
      .map(([value, edits]) => {
        const bytes = pack(value).slice();
        for (const [at, byte] of edits) if (bytes.length > 0) bytes[at % bytes.length] = byte;
        return bytes;
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), mutated), (bytes) => {
        if (isPlainMessagePack(bytes)) unpackr.unpack(bytes);
      }),
      { numRuns: 5000 },
    );
  });

  it("property: refuses every proper beginning and every longer form", () => {
    fc.assert(
      fc.property(plain, fc.nat(), (value, cut) => {
        const bytes = pack(value);
        expect(isPlainMessagePack(bytes.subarray(0, cut % bytes.length))).toBe(false);
        expect(isPlainMessagePack(Uint8Array.of(...bytes, 0xc0))).toBe(false);
      }),
    );
  });

  it("refuses every map, extension type and the byte that is never used", () => {
    const maps = [...Array(16).keys()].map((count) => 0x80 + count);
    for (const first of [
      ...maps,
      0xde,
      0xdf,
      0xc1,
      0xc7,
      0xc8,
      0xc9,
      0xd4,
      0xd5,
      0xd6,
      0xd7,
      0xd8,
    ]) {
      const bytes = new Uint8Array(64);
      bytes[0] = first;
      for (let length = 1; length <= bytes.length; length++) {
        expect(isPlainMessagePack(bytes.subarray(0, length))).toBe(false);
      }
    }
  });

  it("takes nesting up to the limit, and not one deeper", () => {
    const nested = (depth: number): Uint8Array =>
      Uint8Array.of(...Array<number>(depth).fill(0x91), 0xc0);
    expect(isPlainMessagePack(nested(DECODE_DEPTH_MAX))).toBe(true);
    expect(isPlainMessagePack(nested(DECODE_DEPTH_MAX + 1))).toBe(false);
    quick(() => expect(isPlainMessagePack(nested(100_000))).toBe(false));
  });

  it.each([
    ["a string of 4 GiB", [0xdb, 0xff, 0xff, 0xff, 0xff]],
    ["bytes of 4 GiB", [0xc6, 0xff, 0xff, 0xff, 0xff]],
    ["an array of 4 billion", [0xdd, 0xff, 0xff, 0xff, 0xff]],
    ["a map of 4 billion", [0xdf, 0xff, 0xff, 0xff, 0xff]],
    ["a map of 65,535 in an array of as many", [0xdc, 0xff, 0xff, 0xde, 0xff, 0xff]],
  ])("refuses %s at once", (_, bytes) => {
    quick(() => expect(isPlainMessagePack(Uint8Array.from(bytes))).toBe(false));
  });

  it("refuses a pyramid of arrays that each claim all that is left", () => {
    const bytes = new Uint8Array(200_000);
    const view = new DataView(bytes.buffer);
    for (let at = 0; at + 5 <= bytes.length; at += 5) {
      view.setUint8(at, 0xdd);
      view.setUint32(at + 1, bytes.length - at - 5);
    }
    quick(() => expect(isPlainMessagePack(bytes)).toBe(false));
  });
});
