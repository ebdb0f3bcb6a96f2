import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bucketBytes, pad, unpad } from "#protocol/padding.ts";

describe("bucketBytes()", () => {
  it("property: holds the plaintext and its length, and is one of few sizes", () => {
    fc.assert(
      fc.property(fc.nat(3_000_000), (length) => {
        const bucket = bucketBytes(length);
        expect(bucket).toBeGreaterThanOrEqual(length + 4);
        const isPower = (bucket & (bucket - 1)) === 0 && bucket <= 65_536;
        expect(isPower || bucket % 65_536 === 0).toBe(true);
      }),
    );
  });

  it("steps up exactly where the plaintext does not fit any more", () => {
    for (let bucket = bucketBytes(0); bucket < 65_536; bucket *= 2) {
      expect(bucketBytes(bucket - 4)).toBe(bucket);
      expect(bucketBytes(bucket - 3)).toBe(bucket * 2);
    }
    expect(bucketBytes(65_536 - 4)).toBe(65_536);
    expect(bucketBytes(65_536 - 3)).toBe(2 * 65_536);
    expect(bucketBytes(2 * 65_536 - 3)).toBe(3 * 65_536);
  });
});

describe("unpad()", () => {
  it("property: gives back what was padded", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), (plaintext) => {
        expect(unpad(pad(plaintext), "ENVELOPE_MALFORMED")).toEqual(plaintext);
      }),
    );
  });

  it("property: never reads outside, and throws its fault only", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        try {
          expect(unpad(bytes, "SEAL_BROKEN").length).toBeLessThanOrEqual(bytes.length - 4);
        } catch (error) {
          expect(error).toMatchObject({ code: "SEAL_BROKEN" });
        }
      }),
    );
  });

  it.each([
    ["nothing", new Uint8Array(0)],
    ["less than the smallest bucket", new Uint8Array(bucketBytes(0) - 1)],
    ["a size that is no bucket", new Uint8Array(bucketBytes(0) + 1)],
    [
      "a length of another bucket",
      (() => {
        const padded = pad(new Uint8Array(10));
        new DataView(padded.buffer).setUint32(0, padded.length);
        return padded;
      })(),
    ],
    [
      "a length of 4 GiB",
      (() => {
        const padded = pad(new Uint8Array(10));
        padded.fill(0xff, 0, 4);
        return padded;
      })(),
    ],
    ["a larger bucket than needed", new Uint8Array(2 * bucketBytes(0))],
  ])("refuses %s", (_, bytes) => {
    expect(() => unpad(bytes, "ENVELOPE_MALFORMED")).toThrow("ENVELOPE_MALFORMED");
  });
});
