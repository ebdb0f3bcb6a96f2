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
import { partEnd, putFields, takeFields } from "./key-parts";
import { readUtf8, utf8Length, writeUtf8 } from "./utf8";

/** Room for the longest key and the byte behind it at which a walk goes on. */
export const KEY: usize = memory.data(136, 8);
const KEY_BYTES_MAX: u32 = 128;
const WRONG_TYPE: string = "a stored key does not have the type of its collection";

function end(offset: u32, bytes: u32): u32 {
  if (bytes > KEY_BYTES_MAX - offset) panic("a state key is longer than 128 bytes");
  return offset + bytes;
}

export function putString(offset: u32, text: string): u32 {
  const next = end(offset, utf8Length(text));
  writeUtf8(text, KEY + offset);
  return next;
}

export function putByte(offset: u32, byte: u8): u32 {
  const next = end(offset, 1);
  store<u8>(KEY + offset, byte);
  return next;
}

export function putRaw(offset: u32, from: usize, bytes: u32): u32 {
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

/** Builds what all items of a collection begin with and returns its length. */
export function itemsPrefix(name: string): u32 {
  return putByte(fieldKey(name), 0);
}

/** Builds the key of one item of a collection and returns its length. */
export function itemKey<K>(name: string, key: K): u32 {
  return putKey<K>(itemsPrefix(name), key);
}

/** Appends a key in a form whose byte order is the order of the values; returns where it ends. */
export function putKey<K>(offset: u32, key: K): u32 {
  if (isString<K>()) {
    return putString(offset, changetype<string>(key));
  } else if (key instanceof Uint8Array) {
    const bytes = changetype<Uint8Array>(key);
    return putRaw(offset, bytes.dataStart, bytes.length);
    // @ts-ignore: the build gives every `@data` class this method
  } else if (isDefined(key.__putKey)) {
    return putFields<K>(offset, key, u32.MAX_VALUE);
  } else {
    return putScalar<K>(offset, key);
  }
}

/** As {@link putKey}, of the types whose keys are all of one length. */
export function putScalar<K>(offset: u32, key: K): u32 {
  if (isBoolean<K>()) {
    offset = putByte(offset, <u8>key);
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
  } else if (key instanceof Account) {
    offset = putRaw(offset, changetype<usize>(key), 32);
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

/** Bytes of every key of a type whose keys are all of one length. */
export function fixedSize<K>(): u32 {
  if (isInteger<K>()) return sizeof<K>();
  return idof<K>() == idof<u128>() ? 16 : 32;
}

/** The inverse of {@link putKey}. */
export function takeKey<K>(at: usize, length: u32): K {
  if (isInteger<K>()) {
    return takeFixed<K>(at, length);
  } else if (isString<K>()) {
    return changetype<K>(readUtf8(at, length, true)!);
  } else if (idof<K>() == idof<Uint8Array>()) {
    return changetype<K>(copyOf(at, length));
    // @ts-ignore: the build gives every `@data` class this method
  } else if (isDefined(changetype<K>(0).__takeKey)) {
    const key = takeFields<K>(at, at + length);
    if (partEnd() != at + length) panic(WRONG_TYPE);
    return key;
  } else {
    return takeFixed<K>(at, length);
  }
}

function takeFixed<K>(at: usize, length: u32): K {
  if (length != fixedSize<K>()) panic(WRONG_TYPE);
  return takeScalar<K>(at);
}

/** The inverse of {@link putScalar}. */
export function takeScalar<K>(at: usize): K {
  if (isBoolean<K>()) {
    return <K>(load<u8>(at) != 0);
  } else if (isInteger<K>()) {
    let bits: u64;
    if (sizeof<K>() == 1) bits = load<u8>(at);
    else if (sizeof<K>() == 2) bits = bswap<u16>(load<u16>(at));
    else if (sizeof<K>() == 4) bits = bswap<u32>(load<u32>(at));
    else bits = bswap<u64>(load<u64>(at));
    if (isSigned<K>()) bits ^= (<u64>1) << (<u64>(8 * sizeof<K>() - 1));
    return <K>bits;
  } else if (idof<K>() == idof<Account>()) {
    const account = new Account();
    memory.copy(changetype<usize>(account), at, 32);
    return changetype<K>(account);
  } else if (idof<K>() == idof<u128>()) {
    return changetype<K>(new u128(wordAt(at + 8), wordAt(at)));
  } else {
    return changetype<K>(new u256(wordAt(at + 24), wordAt(at + 16), wordAt(at + 8), wordAt(at)));
  }
}

function wordAt(at: usize): u64 {
  return bswap(load<u64>(at));
}

/** A copy of a region. */
export function copyOf(at: usize, length: u32): Uint8Array {
  const bytes = new Uint8Array(length);
  memory.copy(bytes.dataStart, at, length);
  return bytes;
}
