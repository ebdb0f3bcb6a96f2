/**
 * Authenticated encryption by OpenSSL: in constant time, on the processor's AES instructions.
 *
 * What comes out is the ciphertext with its tag behind it.
 *
 * @module
 */
import { createCipheriv, createDecipheriv, type CipherGCMTypes } from "node:crypto";
import { concat } from "#protocol/bytes.ts";
import { attempt } from "#crypto/attempt.ts";

const TAG_BYTES = 16;

/** AES-256-GCM (NIST SP 800-38D): a nonce that comes twice under one key gives that key away. */
export const AES_GCM: CipherGCMTypes = "aes-256-gcm";
/**
 * AES-256-GCM-SIV (RFC 8452): a nonce that comes twice shows which messages are equal, no more. Node's types
 * know the older modes only; this one is used the same way, in a single update.
 */
export const AES_GCM_SIV: CipherGCMTypes = "aes-256-gcm-siv" as CipherGCMTypes;

type Seal = (
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
) => Uint8Array;

/** Gives nothing for what was not sealed by this key, nonce and associated data. */
type Open = (
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  untrustedSealed: Uint8Array,
) => Uint8Array | undefined;

export function sealing(name: CipherGCMTypes): Seal {
  return (key, nonce, aad, plaintext) => {
    const cipher = createCipheriv(name, key, nonce);
    cipher.setAAD(aad);
    const body = cipher.update(plaintext);
    return concat([body, cipher.final(), cipher.getAuthTag()]);
  };
}

export function opening(name: CipherGCMTypes): Open {
  return (key, nonce, aad, untrustedSealed) => {
    const border = untrustedSealed.length - TAG_BYTES;
    if (border < 0) return undefined;
    const decipher = createDecipheriv(name, key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(aad);
    decipher.setAuthTag(untrustedSealed.subarray(border));
    return attempt(() => {
      const plaintext = decipher.update(untrustedSealed.subarray(0, border));
      decipher.final();
      return new Uint8Array(plaintext.buffer, plaintext.byteOffset, plaintext.length);
    });
  };
}
