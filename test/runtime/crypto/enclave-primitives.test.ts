/**
 * Hashes and AES-GCM-SIV of the enclave against published vectors, and against noble.
 *
 * @module
 */
import { gcmsiv } from "@noble/ciphers/aes.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nodePrimitives } from "#platform/primitives.ts";
import siv from "#test/vectors/aes-gcm-siv.json" with { type: "json" };
import hashes from "#test/vectors/contract-hashes.json" with { type: "json" };

const { aesGcmSivOpen, aesGcmSivSeal, blake2b, keccak256 } = nodePrimitives;
const bytes = (digits: string): Uint8Array => Uint8Array.fromHex(digits);
const fixed = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });

describe("the enclave's hashes", () => {
  it.each(hashes.vectors)("give $name", (vector) => {
    const message = bytes(vector.message);
    const key = "key" in vector ? bytes(vector.key ?? "") : bytes("");
    const computed =
      vector.function === "keccak256"
        ? keccak256(message)
        : blake2b(message, vector.hash.length / 2, key);
    expect(computed.toHex()).toBe(vector.hash);
  });

  it("property: Keccak-256 is noble's", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (message) => {
        expect(keccak256(message)).toEqual(keccak_256(message));
      }),
    );
  });

  it("BLAKE2b of another length is another hash, not a cut one", () => {
    const [short, long] = [20, 32].map((length) => blake2b(bytes("00"), length, bytes("")));
    expect(long?.subarray(0, 20)).not.toEqual(short);
  });
});

describe("AES-256-GCM-SIV", () => {
  it.each(siv.vectors)("seals and opens as RFC 8452 says: $name", (vector) => {
    const [key, nonce, aad] = [bytes(vector.key), bytes(vector.nonce), bytes(vector.aad)];
    expect(aesGcmSivSeal(key, nonce, aad, bytes(vector.plaintext)).toHex()).toBe(vector.sealed);
    expect(aesGcmSivOpen(key, nonce, aad, bytes(vector.sealed))?.toHex()).toBe(vector.plaintext);
  });

  it("property: seals as noble does, and opens it", () => {
    const any = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(fixed(32), fixed(12), any, any, (key, nonce, aad, plaintext) => {
        const sealed = aesGcmSivSeal(key, nonce, aad, plaintext);
        expect(sealed).toEqual(gcmsiv(key, nonce, aad).encrypt(plaintext));
        expect(aesGcmSivOpen(key, nonce, aad, sealed)).toEqual(plaintext);
      }),
    );
  });

  it("opens nothing that is cut, flipped, or sealed under another key, nonce or header", () => {
    const [key, nonce, aad] = [new Uint8Array(32).fill(1), new Uint8Array(12), bytes("aa")];
    const sealed = aesGcmSivSeal(key, nonce, aad, bytes("010203"));
    for (let cut = 0; cut < sealed.length; cut++) {
      expect(aesGcmSivOpen(key, nonce, aad, sealed.slice(0, cut))).toBeUndefined();
    }
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const flipped = new Uint8Array(sealed);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(aesGcmSivOpen(key, nonce, aad, flipped)).toBeUndefined();
    }
    expect(aesGcmSivOpen(key, nonce, bytes("ab"), sealed)).toBeUndefined();
    expect(aesGcmSivOpen(key, new Uint8Array(12).fill(1), aad, sealed)).toBeUndefined();
    expect(aesGcmSivOpen(new Uint8Array(32), nonce, aad, sealed)).toBeUndefined();
  });
});
