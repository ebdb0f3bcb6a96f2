/**
 * Both sets of primitives against published vectors, and against each other.
 *
 * @module
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { utf8 } from "#protocol/bytes.ts";
import { portablePrimitives } from "#crypto/portable/primitives.ts";
import type { Primitives } from "#crypto/primitives.ts";
import { nodePrimitives } from "#platform/primitives.ts";

const sets: [string, Primitives][] = [
  ["portable", portablePrimitives],
  ["node", nodePrimitives],
];

function bytes(digits: string): Uint8Array {
  return Uint8Array.fromHex(digits);
}

/** RFC 8032 §7.1, test 2. */
const ed25519 = {
  seed: bytes("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"),
  publicKey: bytes("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"),
  message: bytes("72"),
  signature: bytes(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da" +
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  ),
};

/** Order of the Ed25519 base point, little-endian. */
const ORDER = bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");

/** The signature with S + L instead of S: the same point, another encoding (RFC 8032 §8.4). */
function malleated(signature: Uint8Array): Uint8Array {
  const other = new Uint8Array(signature);
  let carry = 0;
  for (let i = 0; i < 32; i++) {
    carry += (other[32 + i] ?? 0) + (ORDER[i] ?? 0);
    other[32 + i] = carry & 0xff;
    carry >>= 8;
  }
  return other;
}

describe.each(sets)("the %s primitives", (_, primitives) => {
  it("hash as FIPS 180-4 and RFC 4231 say", () => {
    expect(primitives.sha256(utf8("abc")).toHex()).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
    // RFC 4231 §4.3, test case 2.
    expect(primitives.hmacSha256(utf8("Jefe"), utf8("what do ya want for nothing?")).toHex()).toBe(
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    );
  });

  it("sign and verify as RFC 8032 says", () => {
    const { seed, publicKey, message, signature } = ed25519;
    const signer = primitives.ed25519Signer(seed);
    expect(signer.publicKey).toEqual(publicKey);
    expect(signer.sign(message)).toEqual(signature);
    expect(primitives.ed25519Verify(publicKey, message, signature)).toBe(true);
  });

  it("refuse signatures that are altered, malleated, cut or of nobody", () => {
    const { publicKey, message, signature } = ed25519;
    const flipped = new Uint8Array(signature);
    flipped[0] = (flipped[0] ?? 0) ^ 1;
    for (const bad of [
      flipped,
      malleated(signature),
      signature.slice(1),
      new Uint8Array(0),
      new Uint8Array(64),
    ]) {
      expect(primitives.ed25519Verify(publicKey, message, bad)).toBe(false);
    }
    expect(primitives.ed25519Verify(publicKey.slice(1), message, signature)).toBe(false);
    expect(primitives.ed25519Verify(new Uint8Array(32).fill(0xff), message, signature)).toBe(false);
    expect(primitives.ed25519Verify(publicKey, utf8("s"), signature)).toBe(false);
  });

  it("refuse public keys of small order, for which anybody can make signatures", () => {
    // The points of order 1, 2, 4 and 8, as listed by ed25519-speccheck.
    const small = [
      "0100000000000000000000000000000000000000000000000000000000000000",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "0000000000000000000000000000000000000000000000000000000000000000",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    ].map(bytes);
    for (const publicKey of small) {
      for (const point of small) {
        const signature = new Uint8Array(64);
        signature.set(point);
        for (let i = 0; i < 16; i++) {
          expect(primitives.ed25519Verify(publicKey, Uint8Array.of(i), signature)).toBe(false);
        }
      }
    }
  });

  it("agree on a secret as RFC 7748 says", () => {
    // RFC 7748 §6.1.
    const alice = bytes("77076d0a7318a57d3c16c17251b26645df4c2f92ebc099770d3c8eab0a4a2d5e");
    const bob = bytes("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    const alicePublic = primitives.x25519PublicKey(alice);
    const bobPublic = primitives.x25519PublicKey(bob);
    expect(primitives.x25519(alice, bobPublic)).toEqual(primitives.x25519(bob, alicePublic));
    expect(bobPublic.toHex()).toBe(
      "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
    );
  });

  it("refuse keys of the wrong length", () => {
    const secret = new Uint8Array(32).fill(1);
    expect(primitives.x25519(secret, new Uint8Array(31).fill(9))).toBeUndefined();
    expect(primitives.x25519(secret, new Uint8Array(33).fill(9))).toBeUndefined();
  });

  it("open nothing that is cut, flipped, or sealed under another header, nonce or key", () => {
    const key = new Uint8Array(32).fill(1);
    const nonce = new Uint8Array(12).fill(2);
    const sealed = primitives.aesGcmSeal(key, nonce, utf8("a"), utf8("message"));
    expect(primitives.aesGcmOpen(key, nonce, utf8("a"), sealed)).toEqual(utf8("message"));
    expect(primitives.aesGcmOpen(key, nonce, utf8("b"), sealed)).toBeUndefined();
    expect(primitives.aesGcmOpen(key, new Uint8Array(12), utf8("a"), sealed)).toBeUndefined();
    expect(primitives.aesGcmOpen(new Uint8Array(32), nonce, utf8("a"), sealed)).toBeUndefined();
    for (let cut = 0; cut < sealed.length; cut++) {
      expect(primitives.aesGcmOpen(key, nonce, utf8("a"), sealed.slice(0, cut))).toBeUndefined();
    }
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const flipped = new Uint8Array(sealed);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(primitives.aesGcmOpen(key, nonce, utf8("a"), flipped)).toBeUndefined();
    }
  });
});

describe("the two sets of primitives", () => {
  const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const any = fc.uint8Array({ maxLength: 300 });

  it("property: give the same hashes, seals, shared secrets and signatures", () => {
    const nonce = fc.uint8Array({ minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(key, key, nonce, any, any, (secret, peer, iv, aad, message) => {
        const results = sets.map(([, primitives]) => ({
          hash: primitives.sha256(message),
          mac: primitives.hmacSha256(aad, message),
          sealed: primitives.aesGcmSeal(secret, iv, aad, message),
          publicKey: primitives.x25519PublicKey(secret),
          shared: primitives.x25519(secret, peer),
          signature: primitives.ed25519Signer(secret).sign(message),
        }));
        expect(results[0]).toEqual(results[1]);
      }),
      { numRuns: 60 },
    );
  });

  it("property: agree on every signature that is not one", () => {
    const signature = fc.uint8Array({ minLength: 64, maxLength: 64 });
    fc.assert(
      fc.property(key, any, signature, (publicKey, message, untrusted) => {
        for (const [, primitives] of sets) {
          expect(primitives.ed25519Verify(publicKey, message, untrusted)).toBe(false);
        }
      }),
      { numRuns: 60 },
    );
  });
});
