import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compareBytes,
  concat,
  equalBytes,
  framed,
  fromHex,
  toHex,
  u32,
  u64,
  utf8,
} from "#protocol/bytes.ts";

const bytes = fc.uint8Array({ maxLength: 40 });

describe("framed()", () => {
  it("writes every part behind its length", () => {
    expect(toHex(framed("a", Uint8Array.of(1, 2)))).toBe("0000000161000000020102");
    expect(toHex(framed(""))).toBe("00000000");
  });

  it("property: two different lists of parts never have the same bytes", () => {
    const parts = fc.array(fc.uint8Array({ maxLength: 4 }), { maxLength: 4 });
    const label = fc.constantFrom("", "a", "ab");
    fc.assert(
      fc.property(label, parts, label, parts, (left, leftParts, right, rightParts) => {
        const same = equalBytes(framed(left, ...leftParts), framed(right, ...rightParts));
        const alike =
          left === right &&
          leftParts.length === rightParts.length &&
          leftParts.every((part, at) => equalBytes(part, rightParts[at] ?? u32(1)));
        expect(same).toBe(alike);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("u32() and u64()", () => {
  it("are big-endian up to their largest value", () => {
    expect(toHex(u32(0xffff_ffff))).toBe("ffffffff");
    expect(toHex(u64(0))).toBe("0000000000000000");
    expect(toHex(u64(2 ** 32))).toBe("0000000100000000");
    expect(toHex(u64(Number.MAX_SAFE_INTEGER))).toBe("001fffffffffffff");
  });

  it("property: agree with a DataView", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        expect(new DataView(u64(value).buffer).getBigUint64(0)).toBe(BigInt(value));
      }),
    );
  });
});

describe("compareBytes() and equalBytes()", () => {
  it("put a beginning before the whole", () => {
    expect(compareBytes(utf8("ab"), utf8("abc"))).toBeLessThan(0);
    expect(equalBytes(utf8("ab"), utf8("abc"))).toBe(false);
    expect(equalBytes(new Uint8Array(0), new Uint8Array(0))).toBe(true);
  });

  it("property: order as Node's buffers do", () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(a, b));
        expect(equalBytes(a, b)).toBe(Buffer.compare(a, b) === 0);
      }),
    );
  });
});

describe("fromHex()", () => {
  it("property: reads what toHex() wrote, in either case", () => {
    fc.assert(
      fc.property(bytes, (value) => {
        expect(fromHex(toHex(value))).toEqual(value);
        expect(fromHex(toHex(value).toUpperCase())).toEqual(value);
      }),
    );
  });

  it.each(["0", "0g", " 00", "00 ", "0x00", "é0", "00\n"])(
    "takes %j for no hexadecimal",
    (text) => {
      expect(fromHex(text)).toBe(undefined);
    },
  );

  it("property: never throws", () => {
    fc.assert(fc.property(fc.string(), (text) => void fromHex(text)));
  });
});

describe("concat()", () => {
  it("property: joins as Node's buffers do", () => {
    fc.assert(
      fc.property(fc.array(bytes), (parts) => {
        expect(Buffer.from(concat(parts)).equals(Buffer.concat(parts))).toBe(true);
      }),
    );
  });
});
