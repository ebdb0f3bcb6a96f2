/**
 * The primitives on @noble: for browsers, and as the second opinion in tests.
 *
 * @module
 */
import { gcm } from "@noble/ciphers/aes.js";
import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { Primitives, Signer } from "#crypto/primitives.ts";

/** @noble reports a wrong tag, key or point by throwing; here that is an ordinary answer. */
function attempt<T>(compute: () => T): T | undefined {
  try {
    return compute();
  } catch {
    return undefined;
  }
}

function signer(seed: Uint8Array): Signer {
  return {
    publicKey: ed25519.getPublicKey(seed),
    sign: (message) => ed25519.sign(message, seed),
  };
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
  // RFC 8032 §5.1.7 with canonical encodings only; ZIP 215 would accept more.
  ed25519Verify: (untrustedPublicKey, message, untrustedSignature) =>
    attempt(() =>
      ed25519.verify(untrustedSignature, message, untrustedPublicKey, { zip215: false }),
    ) ?? false,
};
