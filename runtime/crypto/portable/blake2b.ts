/**
 * BLAKE2b (RFC 7693), by @noble: OpenSSL has it with 64 bytes of result and no key only.
 *
 * @module
 */
import { blake2b as hash } from "@noble/hashes/blake2.js";

/** @param length - 1 to 64 bytes. @param key - At most 64 bytes; none for the plain hash. */
export function blake2b(message: Uint8Array, length: number, key: Uint8Array): Uint8Array {
  return hash(message, key.length === 0 ? { dkLen: length } : { dkLen: length, key });
}
