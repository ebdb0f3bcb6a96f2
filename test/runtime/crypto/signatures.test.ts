/**
 * Signature rules against vectors: what is valid, and every second way to write it that must not be.
 *
 * @module
 */
import { sign, getPublicKey, secretFromSeed } from "@scure/sr25519";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { portablePrimitives } from "#crypto/portable/primitives.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import ed25519 from "#test/vectors/ed25519-strict.json" with { type: "json" };
import secp256k1 from "#test/vectors/secp256k1.json" with { type: "json" };
import sr25519 from "#test/vectors/sr25519.json" with { type: "json" };

const bytes = (digits: string): Uint8Array => Uint8Array.fromHex(digits);
const { secp256k1Signer, secp256k1Verify, secp256k1Recover, sr25519Verify } = nodePrimitives;

describe("ed25519Verify()", () => {
  const engines = { portable: portablePrimitives, node: nodePrimitives };

  it.each(ed25519.vectors)("$expect on every engine: $name", (vector) => {
    const { publicKey, message, signature } = vector;
    for (const [name, { ed25519Verify }] of Object.entries(engines)) {
      const verified = ed25519Verify(bytes(publicKey), bytes(message), bytes(signature));
      expect(verified, name).toBe(vector.expect === "valid");
    }
  });

  it("leaves what it was given as it was", () => {
    const [{ publicKey, message, signature } = { publicKey: "", message: "", signature: "" }] =
      ed25519.vectors;
    const given = [publicKey, message, signature].map((digits) => Buffer.from(digits, "hex"));
    const [key = bytes(""), text = bytes(""), made = bytes("")] = given;
    for (const { ed25519Verify } of Object.values(engines)) {
      expect(ed25519Verify(key, text, made)).toBe(true);
    }
    expect(given.map((each) => each.toHex())).toEqual([publicKey, message, signature]);
  });

  it("property: one changed bit anywhere makes it invalid on every engine", () => {
    const signer = nodePrimitives.ed25519Signer(new Uint8Array(32).fill(7));
    const signature = signer.sign(bytes("0102"));
    fc.assert(
      fc.property(fc.nat(511), (bit) => {
        const flipped = new Uint8Array(signature);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        for (const { ed25519Verify } of Object.values(engines)) {
          expect(ed25519Verify(signer.publicKey, bytes("0102"), flipped)).toBe(false);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe("secp256k1", () => {
  it.each(secp256k1.signed)("signs as RFC 6979 says: $name", (vector) => {
    const signer = secp256k1Signer(bytes(vector.seed));
    expect(signer.publicKey.toHex()).toBe(vector.publicKey);
    expect(signer.sign(bytes(vector.digest)).toHex()).toBe(vector.signature);
  });

  it.each(secp256k1.verified)("is $expect: $name", (vector) => {
    const { publicKey, digest, signature } = vector;
    const verified = secp256k1Verify(bytes(publicKey), bytes(digest), bytes(signature));
    expect(verified).toBe(vector.expect === "valid");
  });

  it.each(secp256k1.recovered)("recovers, or does not: $name", (vector) => {
    const key = secp256k1Recover(bytes(vector.digest), bytes(vector.signature));
    const address = key && nodePrimitives.keccak256(key.subarray(1)).subarray(12).toHex();
    expect(address ?? "").toBe(vector.address);
  });

  it("property: what is signed verifies in both forms, and recovers to its key", () => {
    const seed = fc.uint8Array({ minLength: 48, maxLength: 48 });
    const digest = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(seed, digest, (from, hash) => {
        const { publicKey, sign: make } = secp256k1Signer(from);
        const signature = make(hash);
        expect(secp256k1Verify(publicKey, hash, signature)).toBe(true);
        expect(secp256k1Verify(publicKey, hash, signature.subarray(0, 64))).toBe(true);
        expect(secp256k1Recover(hash, signature)).toEqual(publicKey);
      }),
      { numRuns: 15 },
    );
  });
});

describe("sr25519Verify()", () => {
  it.each(sr25519.vectors)("is $expect: $name", (vector) => {
    const { publicKey, message, signature } = vector;
    const verified = sr25519Verify(bytes(publicKey), bytes(message), bytes(signature));
    expect(verified).toBe(vector.expect === "valid");
  });

  it("takes what the key of a seed signs, and not with a bit changed", () => {
    const secret = secretFromSeed(new TextEncoder().encode("12345678901234567890123456789012"));
    const publicKey = getPublicKey(secret);
    expect(publicKey.toHex()).toBe(
      "741c08a06f41c596608f6774259bd9043304adfa5d3eea62760bd9be97634d63",
    );
    const signature = sign(secret, bytes("0102"), new Uint8Array(32));
    expect(sr25519Verify(publicKey, bytes("0102"), signature)).toBe(true);
    for (const bit of [0, 100, 255, 256, 400, 510, 511]) {
      const flipped = new Uint8Array(signature);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(sr25519Verify(publicKey, bytes("0102"), flipped), `bit ${bit}`).toBe(false);
    }
  });
});
