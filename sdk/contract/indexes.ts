/**
 * By what a value of an `IndexedMap` is found.
 *
 * An index's name, and an indexed value of no fixed length, are written so that their order is kept and nothing that
 * follows can be taken for a part of them: a zero byte becomes 00 FF, the end is 00 01.
 *
 * @module
 */
import { panic } from "./control";
import { copyOf, fieldKey, KEY, keySize, putByte, putKey, putString } from "./key";
import { utf8 } from "./utf8";

/** Separates a field's name from its indexes; items have a zero there. */
const INDEXES: u8 = 1;
const ZERO: u8 = 0;
const ESCAPED: u8 = 0xff;
const ENDED: u8 = 1;

function putEscaped(offset: u32, from: usize, length: u32): u32 {
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(from + i);
    offset = putByte(offset, byte);
    if (byte == ZERO) offset = putByte(offset, ESCAPED);
  }
  return putByte(putByte(offset, ZERO), ENDED);
}

function putEscapedText(offset: u32, text: string): u32 {
  const next = putString(offset, text);
  for (let at = offset; at < next; at++) {
    // Rare enough to be written once more.
    if (load<u8>(KEY + at) == ZERO) {
      const bytes = utf8(text);
      return putEscaped(offset, bytes.dataStart, bytes.length);
    }
  }
  return putByte(putByte(next, ZERO), ENDED);
}

/** Builds what all keys of an index begin with and returns its length. */
export function indexPrefix(name: string, index: string): u32 {
  return putEscapedText(putByte(fieldKey(name), INDEXES), index);
}

/** Appends an indexed value; returns where it ends. */
export function putIndexed<I>(offset: u32, value: I): u32 {
  if (isString<I>()) {
    return putEscapedText(offset, changetype<string>(value));
  } else if (value instanceof Uint8Array) {
    const bytes = changetype<Uint8Array>(value);
    return putEscaped(offset, bytes.dataStart, bytes.length);
  } else {
    return putKey<I>(offset, value);
  }
}

/** Bytes that the indexed value takes of a key. */
export function skipIndexed<I>(at: usize, length: u32): u32 {
  const size = keySize<I>();
  if (size != 0) {
    if (size > length) panic("an index is not of the type that it was asked by");
    return size;
  }
  for (let i: u32 = 1; i < length; i++) {
    if (load<u8>(at + i - 1) == ZERO && load<u8>(at + i) == ENDED) return i + 1;
  }
  panic("an index is not of the type that it was asked by");
  return 0;
}

/** Takes what a value is to be found by. */
export class Indexes {
  /** Everything of each index's key but the map's own key. */
  readonly begins: Uint8Array[] = [];

  constructor(private name: string) {}

  /**
   * Lets the value be found under `value` in the index of this name.
   *
   * A value may be found under several in one index, or under none: null is under none.
   */
  key<I>(index: string, value: I): void {
    if (isNullable<I>()) {
      if (changetype<usize>(value) == 0) return;
      this.put<NonNullable<I>>(index, changetype<NonNullable<I>>(changetype<usize>(value)));
    } else {
      this.put<I>(index, value);
    }
  }

  private put<I>(index: string, value: I): void {
    const length = putIndexed<I>(indexPrefix(this.name, index), value);
    const begin = copyOf(KEY, length);
    if (!this.has(begin)) this.begins.push(begin);
  }

  has(begin: Uint8Array): bool {
    return Indexes.holds(this.begins, begin);
  }

  static holds(begins: Uint8Array[], begin: Uint8Array): bool {
    for (let i = 0; i < begins.length; i++) {
      const each = begins[i];
      if (each.length != begin.length) continue;
      if (memory.compare(each.dataStart, begin.dataStart, begin.length) == 0) return true;
    }
    return false;
  }
}
