/**
 * State keys: the field's name, for collections a zero byte, then the item's key in a form whose
 * byte order is the order of the values.
 *
 * Keys are built in one fixed buffer; each `state` call follows at once, so none is ever overwritten.
 *
 * @module
 */
import { Account } from "./account";
import { u128, u256 } from "./bignum";
import { panic } from "./control";
import { utf8Length, writeUtf8 } from "./utf8";

export const KEY: usize = memory.data(128, 8);
const KEY_BYTES_MAX: u32 = 128;

function end(offset: u32, bytes: u32): u32 {
  if (bytes > KEY_BYTES_MAX - offset) panic("a state key is longer than 128 bytes");
  return offset + bytes;
}

function putString(offset: u32, text: string): u32 {
  const next = end(offset, utf8Length(text));
  writeUtf8(text, KEY + offset);
  return next;
}

function putRaw(offset: u32, from: usize, bytes: u32): u32 {
  const next = end(offset, bytes);
  memory.copy(KEY + offset, from, bytes);
  return next;
}

function putWord(offset: u32, value: u64): u32 {
  const next = end(offset, 8);
  store<u64>(KEY + offset, bswap(value));
  return next;
}

/** Builds the key of a plain field and returns its length. */
export function fieldKey(name: string): u32 {
  return putString(0, name);
}

/** Builds the key of one item of a collection and returns its length. */
export function itemKey<K>(name: string, key: K): u32 {
  let offset = fieldKey(name);
  const start = offset;
  offset = end(offset, 1);
  store<u8>(KEY + start, 0);
  if (isBoolean<K>()) {
    const at = offset;
    offset = end(offset, 1);
    store<u8>(KEY + at, <u8>key);
  } else if (isInteger<K>()) {
    const at = offset;
    offset = end(offset, sizeof<K>());
    // The sign bit is flipped so that negative numbers sort first.
    let bits = <u64>key;
    if (isSigned<K>()) bits ^= (<u64>1) << (<u64>(8 * sizeof<K>() - 1));
    const big = bswap<u64>(bits << (<u64>(64 - 8 * sizeof<K>())));
    if (sizeof<K>() == 1) store<u8>(KEY + at, <u8>big);
    else if (sizeof<K>() == 2) store<u16>(KEY + at, <u16>big);
    else if (sizeof<K>() == 4) store<u32>(KEY + at, <u32>big);
    else store<u64>(KEY + at, big);
  } else if (isString<K>()) {
    offset = putString(offset, changetype<string>(key));
  } else if (key instanceof Account) {
    offset = putRaw(offset, changetype<usize>(key), 32);
  } else if (key instanceof Uint8Array) {
    const bytes = changetype<Uint8Array>(key);
    offset = putRaw(offset, bytes.dataStart, bytes.length);
  } else if (key instanceof u128) {
    const number = changetype<u128>(key);
    offset = putWord(putWord(offset, number.hi), number.lo);
  } else if (key instanceof u256) {
    const number = changetype<u256>(key);
    offset = putWord(putWord(offset, number.hi2), number.hi1);
    offset = putWord(putWord(offset, number.lo2), number.lo1);
  } else {
    ERROR("this type cannot be a key");
  }
  return offset;
}
