/**
 * HKDF-SHA256 (RFC 5869), and the one way keys are derived from keys here.
 *
 * @module
 */
import { concat, framed } from "#protocol/bytes.ts";
import type { Primitives } from "#crypto/primitives.ts";

const HASH_BYTES = 32;
const NO_SALT = new Uint8Array(HASH_BYTES);

/** HKDF-Extract (RFC 5869 §2.2). */
export function hkdfExtract(
  primitives: Primitives,
  salt: Uint8Array,
  inputKey: Uint8Array,
): Uint8Array {
  return primitives.hmacSha256(salt.length === 0 ? NO_SALT : salt, inputKey);
}

/** HKDF-Expand (RFC 5869 §2.3). @param length - At most 255 × 32 bytes. */
export function hkdfExpand(
  primitives: Primitives,
  key: Uint8Array,
  info: Uint8Array,
  length: number,
): Uint8Array {
  let block: Uint8Array = new Uint8Array(0);
  const blocks: Uint8Array[] = [];
  for (let i = 1; blocks.length * HASH_BYTES < length; i++) {
    block = primitives.hmacSha256(key, concat([block, info, Uint8Array.of(i)]));
    blocks.push(block);
  }
  return concat(blocks).slice(0, length);
}

/**
 * A 32-byte key for one purpose.
 *
 * @param secret - At least 32 unpredictable bytes.
 * @param label - One of `labels`; names the purpose.
 * @param context - Public values the key is bound to, each framed by its length.
 */
export function deriveKey(
  primitives: Primitives,
  secret: Uint8Array,
  label: string,
  ...context: readonly Uint8Array[]
): Uint8Array {
  return deriveBytes(primitives, secret, HASH_BYTES, label, ...context);
}

/** As {@link deriveKey}, of another length. @param length - At most 255 × 32 bytes. */
export function deriveBytes(
  primitives: Primitives,
  secret: Uint8Array,
  length: number,
  label: string,
  ...context: readonly Uint8Array[]
): Uint8Array {
  const key = hkdfExtract(primitives, NO_SALT, secret);
  return hkdfExpand(primitives, key, framed(label, ...context), length);
}
