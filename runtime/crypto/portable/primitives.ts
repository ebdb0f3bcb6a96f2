/**
 * The primitives on @noble: for browsers, and as the second opinion in tests.
 *
 * @module
 */
import { gcm } from "@noble/ciphers/aes.js";
import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { concat, equalBytes } from "#protocol/bytes.ts";
import { attempt } from "#crypto/attempt.ts";
import { isStrictEd25519 } from "#crypto/ed25519.ts";
import type { Primitives, Signer } from "#crypto/primitives.ts";

function signer(seed: Uint8Array): Signer {
  return {
    publicKey: ed25519.getPublicKey(seed),
    sign: (message) => ed25519.sign(message, seed),
  };
}

/** RFC 8032 §5.1.7 without the cofactor. @noble's own `verify` multiplies by it, and takes more. */
function ed25519Verify(
  untrustedPublicKey: Uint8Array,
  message: Uint8Array,
  untrustedSignature: Uint8Array,
): boolean {
  if (!isStrictEd25519(untrustedPublicKey, untrustedSignature)) return false;
  const { Point } = ed25519;
  const expected = untrustedSignature.subarray(0, 32);
  const computed = attempt(() => {
    const key = Point.fromBytes(untrustedPublicKey);
    const challenge = scalar(sha512(concat([expected, untrustedPublicKey, message])));
    const response = scalar(untrustedSignature.subarray(32));
    const point = Point.BASE.multiplyUnsafe(response);
    return point.subtract(key.multiplyUnsafe(challenge)).toBytes();
  });
  return computed !== undefined && equalBytes(computed, expected);
}

/** A little-endian number modulo the order of the base point. */
function scalar(bytes: Uint8Array): bigint {
  return BigInt(`0x${bytes.toReversed().toHex()}`) % ed25519.Point.Fn.ORDER;
}

export const portablePrimitives: Primitives = {
  sha256: (message) => sha256(message),
  hmacSha256: (key, message) => hmac(sha256, key, message),
  aesGcmSeal: (key, nonce, aad, plaintext) => gcm(key, nonce, aad).encrypt(plaintext),
  aesGcmOpen: (key, nonce, aad, untrustedSealed) =>
    attempt(() => gcm(key, nonce, aad).decrypt(untrustedSealed)),
  x25519PublicKey: (secret) => x25519.getPublicKey(secret),
  x25519: (secret, untrustedPublicKey) =>
    attempt(() => x25519.getSharedSecret(secret, untrustedPublicKey)),
  ed25519Signer: signer,
  ed25519Verify,
};
