/**
 * Keys of several parts: `@data` classes as keys, and indexed values, behind which more follows.
 *
 * Each part says itself where it ends, so that no two keys have the same bytes, and is written so that
 * the order of the bytes is that of the first part, then of the second, and so on. Text and bytes have no
 * fixed length: a zero byte in them becomes 00 FF, and they end with 00 01.
 *
 * @module
 */
import { panic } from "./control";
import { exactly } from "./exact";
import { fixedSize, KEY, putByte, putScalar, putString, takeScalar } from "./key";
import { readUtf8, utf8 } from "./utf8";

const ZERO: u8 = 0;
const ESCAPED: u8 = 0xff;
const ENDED: u8 = 1;

/** Behind the part that {@link takePart} has taken. */
let behind: usize = 0;

function putEscaped(offset: u32, from: usize, length: u32): u32 {
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(from + i);
    offset = putByte(offset, byte);
    if (byte == ZERO) offset = putByte(offset, ESCAPED);
  }
  return putByte(putByte(offset, ZERO), ENDED);
}

export function putEscapedText(offset: u32, text: string): u32 {
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

/** Appends the first `fields` fields of an object; returns where they end. */
export function putFields<T>(offset: u32, value: T, fields: u32): u32 {
  exactly<T>(value);
  // @ts-ignore: the build gives every `@data` class this method
  return value.__putKey(offset, fields);
}

/** Appends a part of a key; returns where it ends. */
export function putPart<T>(offset: u32, value: T): u32 {
  if (isString<T>()) {
    return putEscapedText(offset, changetype<string>(value));
  } else if (value instanceof Uint8Array) {
    const bytes = changetype<Uint8Array>(value);
    return putEscaped(offset, bytes.dataStart, bytes.length);
    // @ts-ignore: the build gives every `@data` class this method
  } else if (isDefined(value.__putKey)) {
    return putFields<T>(offset, value, u32.MAX_VALUE);
  } else {
    return putScalar<T>(offset, value);
  }
}

/** Reads a part of a stored key that ends at `end`; {@link partEnd} is then where it ends itself. */
export function takePart<T>(at: usize, end: usize): T {
  if (isInteger<T>()) {
    return takeFixed<T>(at, end);
  } else if (isString<T>()) {
    const bytes = takeEscaped(at, end);
    return changetype<T>(readUtf8(bytes.dataStart, bytes.length, true)!);
  } else if (idof<T>() == idof<Uint8Array>()) {
    return changetype<T>(takeEscaped(at, end));
    // @ts-ignore: the build gives every `@data` class this method
  } else if (isDefined(changetype<T>(0).__takeKey)) {
    return takeFields<T>(at, end);
  } else {
    return takeFixed<T>(at, end);
  }
}

function takeFixed<T>(at: usize, end: usize): T {
  if (end - at < fixedSize<T>()) wrongType();
  behind = at + fixedSize<T>();
  return takeScalar<T>(at);
}

/** Reads an object that stands as a key, or as a part of one. */
export function takeFields<T>(at: usize, end: usize): T {
  const object = changetype<T>(__new(offsetof<T>(), idof<T>()));
  // @ts-ignore: the build gives every `@data` class this method
  behind = object.__takeKey(at, end);
  return object;
}

export function partEnd(): usize {
  return behind;
}

function takeEscaped(at: usize, end: usize): Uint8Array {
  const bytes = new Uint8Array(<i32>(end - at));
  let to = bytes.dataStart;
  for (; at + 1 < end; at++) {
    const byte = load<u8>(at);
    if (byte == ZERO) {
      const mark = load<u8>(++at);
      if (mark == ENDED) {
        behind = at + 1;
        return bytes.subarray(0, <i32>(to - bytes.dataStart));
      }
      if (mark != ESCAPED) wrongType();
    }
    store<u8>(to++, byte);
  }
  wrongType();
  return bytes;
}

function wrongType(): void {
  panic("a stored key does not have the type that it is read as");
}
