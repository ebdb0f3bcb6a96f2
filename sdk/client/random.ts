/**
 * Unpredictable bytes, from the engine's own generator.
 *
 * @module
 */
import type { Entropy } from "#crypto/primitives.ts";

/** Bytes that one call of `getRandomValues` may ask for. */
const CHUNK_BYTES = 65_536;

export const randomBytes: Entropy = (length) => {
  const bytes = new Uint8Array(length);
  for (let start = 0; start < length; start += CHUNK_BYTES) {
    crypto.getRandomValues(bytes.subarray(start, Math.min(length, start + CHUNK_BYTES)));
  }
  return bytes;
};
