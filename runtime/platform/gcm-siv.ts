/**
 * AES-256-GCM-SIV (RFC 8452) of OpenSSL: in constant time, on the processor's AES instructions.
 *
 * @module
 */
import { createCipheriv, createDecipheriv, type CipherGCMTypes } from "node:crypto";
import { concat } from "#protocol/bytes.ts";
import { attempt } from "#crypto/attempt.ts";

const TAG_BYTES = 16;
/** Node's types know the older modes only; this one is used the same way, in a single update. */
const CIPHER = "aes-256-gcm-siv" as CipherGCMTypes;

export function aesGcmSivSeal(
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
): Uint8Array {
  const cipher = createCipheriv(CIPHER, key, nonce);
  cipher.setAAD(aad);
  const body = cipher.update(plaintext);
  return concat([body, cipher.final(), cipher.getAuthTag()]);
}

export function aesGcmSivOpen(
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  untrustedSealed: Uint8Array,
): Uint8Array | undefined {
  const border = untrustedSealed.length - TAG_BYTES;
  if (border < 0) return undefined;
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(aad);
  decipher.setAuthTag(untrustedSealed.subarray(border));
  return attempt(() => {
    const plaintext = decipher.update(untrustedSealed.subarray(0, border));
    decipher.final();
    return new Uint8Array(plaintext.buffer, plaintext.byteOffset, plaintext.length);
  });
}
