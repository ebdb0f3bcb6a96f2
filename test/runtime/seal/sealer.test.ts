import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toHex, utf8 } from "#protocol/bytes.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import { portablePrimitives } from "#crypto/portable/primitives.ts";
import { SEAL_VERSION, Sealer } from "#seal/sealer.ts";
import { systemEntropy } from "#test/support/operator.ts";

const secret = new Uint8Array(32).fill(1);
const HEADER_BYTES = 1 + 16 + 12;

function sealer(own = secret): Sealer {
  return new Sealer(nodePrimitives, systemEntropy, own);
}

describe("Sealer", () => {
  const one = sealer();
  const aad = utf8("a delta");
  const blob = one.seal(aad, utf8("state"));

  it("property: opens what it or another boot sealed, on either set of primitives", () => {
    const bytes = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(bytes, bytes, (own, plaintext) => {
        const sealed = one.seal(own, plaintext);
        expect(one.open(own, sealed, "SEAL_BROKEN")).toEqual(plaintext);
        expect(sealer().open(own, sealed, "SEAL_BROKEN")).toEqual(plaintext);
        const portable = new Sealer(portablePrimitives, systemEntropy, secret);
        expect(portable.open(own, sealed, "SEAL_BROKEN")).toEqual(plaintext);
      }),
      { numRuns: 50 },
    );
  });

  it("refuses a blob with any one bit flipped", () => {
    for (let bit = 0; bit < blob.length * 8; bit++) {
      const flipped = blob.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => one.open(aad, flipped, "SEAL_BROKEN")).toThrow(
        bit < 8 ? "SEAL_VERSION" : "SEAL_BROKEN",
      );
    }
  });

  it("refuses a blob cut at any byte, and one that goes on", () => {
    for (let length = 0; length < blob.length; length++) {
      expect(() => one.open(aad, blob.slice(0, length), "SEAL_BROKEN")).toThrow("SEAL_BROKEN");
    }
    expect(() => one.open(aad, Uint8Array.of(...blob, 0), "SEAL_BROKEN")).toThrow("SEAL_BROKEN");
  });

  it("refuses a blob in another place or of another cluster, with the code and facts of its reader", () => {
    expect(() => one.open(utf8("a snapshot"), blob, "LOG_ENTRY_BROKEN")).toThrow(
      "LOG_ENTRY_BROKEN",
    );
    const foreign = sealer(new Uint8Array(32).fill(2));
    let thrown: unknown;
    try {
      foreign.open(aad, blob, "SEAL_BROKEN", { delta: 7 });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: "SEAL_BROKEN", facts: { delta: 7 } });
  });

  it("names a blob of another format by its version", () => {
    for (const version of [0, SEAL_VERSION + 1, 255]) {
      const other = blob.slice();
      other[0] = version;
      expect(() => one.open(aad, other, "SEAL_BROKEN")).toThrow("SEAL_VERSION");
    }
  });

  it("seals under another key at every boot, so a rolled back disk repeats no nonce under one key", () => {
    const salts = Array.from({ length: 100 }, () => toHex(sealer().seal(aad, aad).slice(1, 17)));
    expect(new Set(salts).size).toBe(100);
    const repeating = (): Sealer =>
      new Sealer(nodePrimitives, (length) => new Uint8Array(length), secret);
    expect(repeating().seal(aad, aad)).toEqual(repeating().seal(aad, aad));
  });

  it("takes a fresh nonce for every blob of a boot", () => {
    const nonces = Array.from({ length: 200 }, () =>
      toHex(one.seal(aad, aad).slice(17, HEADER_BYTES)),
    );
    expect(new Set(nonces).size).toBe(200);
  });

  it("still opens blobs of more boots than it keeps keys for", () => {
    const blobs = Array.from({ length: 150 }, (_, index) =>
      sealer().seal(aad, Uint8Array.of(index)),
    );
    for (const round of [0, 1]) {
      for (const [index, sealed] of blobs.entries()) {
        expect(one.open(aad, sealed, "SEAL_BROKEN"), `round ${round}`).toEqual(
          Uint8Array.of(index),
        );
      }
    }
    expect(one.open(aad, one.seal(aad, aad), "SEAL_BROKEN")).toEqual(aad);
  });
});
