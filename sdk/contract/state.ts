/**
 * Typed reads and writes of contract state, under the key that {@link KEY} holds.
 *
 * @module
 */
import { decode, encode } from "./codec";
import { state_get, state_remove, state_set } from "./imports";
import { KEY } from "./key";
import { RESULT } from "./memory";
import { Reader } from "./reader";
import { Writer } from "./writer";

/** Reads the value; pointer and length are then at offsets 4 and 8 of {@link RESULT}. */
export function find(keyLength: u32): bool {
  state_get(KEY, keyLength, RESULT);
  return load<u8>(RESULT) != 0;
}

/** Decodes the value that {@link find} has found. */
export function loaded<T>(): T {
  return decodeStored<T>(load<usize>(RESULT, 4), load<u32>(RESULT, 8));
}

/** Decodes a value as it was stored. */
export function decodeStored<T>(pointer: usize, length: u32): T {
  const reader = new Reader(pointer, length, false);
  const value = decode<T>(reader);
  reader.finish();
  return value;
}

/** One for all values: the host copies what is stored, and many are in one call. */
const writer = new Writer();

export function save<T>(keyLength: u32, value: T): void {
  writer.clear();
  encode<T>(writer, value);
  state_set(KEY, keyLength, writer.pointer, writer.length);
}

export function remove(keyLength: u32): void {
  state_remove(KEY, keyLength);
}
