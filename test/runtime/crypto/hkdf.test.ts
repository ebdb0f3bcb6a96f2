import { hkdfSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { framed, toHex } from "#protocol/bytes.ts";
import { deriveKey, hkdfExpand, hkdfExtract } from "#crypto/hkdf.ts";
import { labels } from "#crypto/labels.ts";
import { portablePrimitives } from "#crypto/portable/primitives.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import file from "#test/vectors/hkdf.json" with { type: "json" };

const hex = (text: string): Uint8Array => Uint8Array.fromHex(text);

describe.each([
  ["node", nodePrimitives],
  ["portable", portablePrimitives],
])("HKDF on the %s primitives", (_, primitives) => {
  it.each(file.vectors)("gives the vector: $name", ({ ikm, salt, info, prk, okm }) => {
    const key = hkdfExtract(primitives, hex(salt), hex(ikm));
    expect(toHex(key)).toBe(prk);
    expect(toHex(hkdfExpand(primitives, key, hex(info), okm.length / 2))).toBe(okm);
  });
});

describe("hkdfExpand()", () => {
  it("property: agrees with OpenSSL's own at every length", () => {
    const bytes = fc.uint8Array({ maxLength: 100 });
    fc.assert(
      fc.property(
        bytes,
        bytes,
        bytes,
        fc.integer({ min: 1, max: 2000 }),
        (ikm, salt, info, length) => {
          const key = hkdfExtract(nodePrimitives, salt, ikm);
          const expected = new Uint8Array(hkdfSync("sha256", ikm, salt, info, length));
          expect(hkdfExpand(nodePrimitives, key, info, length)).toEqual(expected);
        },
      ),
    );
  });
});

describe("deriveKey()", () => {
  const secret = new Uint8Array(32).fill(1);

  it("property: never gives one key for two purposes", () => {
    const context = fc.array(fc.uint8Array({ maxLength: 3 }), { maxLength: 3 });
    const label = fc.constantFrom(...Object.values(labels));
    fc.assert(
      fc.property(label, context, label, context, (left, leftParts, right, rightParts) => {
        const same = toHex(framed(left, ...leftParts)) === toHex(framed(right, ...rightParts));
        const a = deriveKey(nodePrimitives, secret, left, ...leftParts);
        const b = deriveKey(nodePrimitives, secret, right, ...rightParts);
        expect(toHex(a) === toHex(b)).toBe(same);
      }),
      { numRuns: 300 },
    );
  });
});

describe("labels", () => {
  it("are all different, and none begins another", () => {
    const all: readonly string[] = Object.values(labels);
    expect(new Set(all).size).toBe(all.length);
    for (const label of all) {
      expect(all.filter((other) => other.startsWith(label))).toEqual([label]);
      expect(label).toMatch(/^hermetic\/[a-z0-9-]+\/\d+$/);
    }
  });
});
