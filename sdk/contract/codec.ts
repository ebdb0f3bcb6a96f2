/**
 * Values of every type that may cross the boundary or be stored, to MessagePack and back.
 *
 * The compiler picks the branch by type; what no branch takes is refused while building.
 *
 * @module
 */
import { Account } from "./account";
import { u128, u256 } from "./bignum";
import { exactly } from "./exact";
import { Reader } from "./reader";
import { Writer } from "./writer";

function encodeWords(writer: Writer, high: u64, low: u64, at: usize): void {
  store<u64>(at, bswap(high));
  store<u64>(at, bswap(low), 8);
}

function encodeArray<T>(writer: Writer, values: T[]): void {
  const length = values.length;
  writer.open(length);
  for (let i = 0; i < length; i++) encode<T>(writer, unchecked(values[i]));
  writer.close();
}

export function encode<T>(writer: Writer, value: T): void {
  if (isNullable<T>()) {
    if (changetype<usize>(value) == 0) writer.nil();
    else encode<NonNullable<T>>(writer, changetype<NonNullable<T>>(changetype<usize>(value)));
  } else if (isBoolean<T>()) {
    writer.bool(<bool>value);
  } else if (isFloat<T>()) {
    if (sizeof<T>() == 4) writer.f32(<f32>value);
    else writer.f64(<f64>value);
  } else if (isInteger<T>()) {
    if (isSigned<T>()) writer.signed(<i64>value);
    else writer.unsigned(<u64>value);
  } else if (isString<T>()) {
    writer.string(changetype<string>(value));
  } else if (value instanceof Uint8Array) {
    const bytes = changetype<Uint8Array>(value);
    memory.copy(writer.binary(bytes.length), bytes.dataStart, bytes.length);
  } else if (value instanceof Account) {
    memory.copy(writer.binary(32), changetype<usize>(value), 32);
  } else if (value instanceof u128) {
    const number = changetype<u128>(value);
    encodeWords(writer, number.hi, number.lo, writer.binary(16));
  } else if (value instanceof u256) {
    const number = changetype<u256>(value);
    const at = writer.binary(32);
    encodeWords(writer, number.hi2, number.hi1, at);
    encodeWords(writer, number.lo2, number.lo1, at + 16);
  } else if (isArray<T>()) {
    // @ts-ignore: an array here
    encodeArray<valueof<T>>(writer, value);
    // @ts-ignore: the build gives every `@data` class this method
  } else if (isDefined(value.__encode)) {
    exactly<T>(value);
    // @ts-ignore: as above
    value.__encode(writer);
  } else {
    ERROR("this type cannot cross the contract's boundary");
  }
}

function decodeBytes(reader: Reader): Uint8Array {
  const length = reader.binary();
  const from = reader.region(length);
  const bytes = new Uint8Array(length);
  memory.copy(bytes.dataStart, from, length);
  return bytes;
}

function decodeAccount(reader: Reader): Account {
  const account = new Account();
  memory.copy(changetype<usize>(account), reader.fixed(32), 32);
  return account;
}

function decodeU128(at: usize): u128 {
  return new u128(bswap(load<u64>(at, 8)), bswap(load<u64>(at)));
}

function decodeU256(at: usize): u256 {
  return new u256(
    bswap(load<u64>(at, 24)),
    bswap(load<u64>(at, 16)),
    bswap(load<u64>(at, 8)),
    bswap(load<u64>(at)),
  );
}

function decodeArray<T>(reader: Reader): T[] {
  const length = reader.open();
  const values = new Array<T>();
  for (let i: u32 = 0; i < length; i++) values.push(decode<T>(reader));
  reader.close();
  return values;
}

function decodeObject<T>(reader: Reader): T {
  const object = changetype<T>(__new(offsetof<T>(), idof<T>()));
  // @ts-ignore: the build gives every `@data` class this method
  if (isDefined(object.__decode)) {
    // @ts-ignore: as above
    object.__decode(reader);
  } else {
    ERROR("this type cannot cross the contract's boundary");
  }
  return object;
}

export function decode<T>(reader: Reader): T {
  if (isNullable<T>()) {
    if (reader.isNil()) return changetype<T>(0);
    return changetype<T>(changetype<usize>(decode<NonNullable<T>>(reader)));
  } else if (isBoolean<T>()) {
    return <T>reader.bool();
  } else if (isFloat<T>()) {
    if (sizeof<T>() == 4) return <T>reader.f32();
    return <T>reader.f64();
  } else if (isInteger<T>()) {
    const unused = 64 - (sizeof<T>() << 3);
    if (isSigned<T>()) {
      return <T>reader.signed(i64.MIN_VALUE >> <i64>unused, i64.MAX_VALUE >> <i64>unused);
    }
    return <T>reader.unsigned(u64.MAX_VALUE >> <u64>unused);
  } else if (isString<T>()) {
    return changetype<T>(reader.string());
  } else if (idof<T>() == idof<Uint8Array>()) {
    return changetype<T>(decodeBytes(reader));
  } else if (idof<T>() == idof<Account>()) {
    return changetype<T>(decodeAccount(reader));
  } else if (idof<T>() == idof<u128>()) {
    return changetype<T>(decodeU128(reader.fixed(16)));
  } else if (idof<T>() == idof<u256>()) {
    return changetype<T>(decodeU256(reader.fixed(32)));
  } else if (isArray<T>()) {
    return changetype<T>(decodeArray<valueof<T>>(reader));
  } else {
    return decodeObject<T>(reader);
  }
}
