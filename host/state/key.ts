/**
 * State keys as map keys: each byte becomes one character, so that string order is byte order.
 *
 * A JavaScript map cannot hold byte arrays by value. Text of Latin-1 characters compares, sorts
 * and hashes exactly as the bytes do, with no locale and no ambiguity.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { STATE_KEY_BYTES_MAX } from "#protocol/limits.ts";

/** The bytes of a key as Latin-1 text. */
export type KeyText = string;

/**
 * Turns a key chosen by a contract into its map form.
 *
 * @param key - 1 to {@link STATE_KEY_BYTES_MAX} bytes, any values, NUL included.
 * @throws {@link Fault} `STATE_KEY` if the key is empty or over the limit.
 */
export function keyText(key: Uint8Array): KeyText {
  const length = key.length;
  if (length === 0 || length > STATE_KEY_BYTES_MAX) {
    throw new Fault("STATE_KEY", { length, limit: STATE_KEY_BYTES_MAX });
  }
  return bytesText(key);
}

/** Bytes in the form of a key, of any length that fits a call. */
export function bytesText(bytes: Uint8Array): KeyText {
  // Reflect.apply takes the array as it is: one call for all of it.
  return Reflect.apply(String.fromCharCode, undefined, bytes) as string;
}

/** The inverse of {@link keyText}: a fresh array. */
export function keyBytes(text: KeyText): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
  return bytes;
}

/** Orders two keys as their bytes do. */
export function compareKeys(left: KeyText, right: KeyText): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
