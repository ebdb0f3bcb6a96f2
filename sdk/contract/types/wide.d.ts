/**
 * For editors only: the wide integers. They are declared as numbers, because TypeScript has no operators for
 * classes; so `globals.d.ts` declares what they have beyond a number on all numbers, and the compiler alone knows which is which.
 *
 * @module
 */

interface Wide {
  /** 0. */
  readonly Zero: number;
  /** 1. */
  readonly One: number;
  /** The smallest, which is 0. */
  readonly Min: number;
  /** The largest. */
  readonly Max: number;
  /** The number that another one is. */
  from<T>(value: T): number;
  /** The number that a text spells. */
  fromString(text: string, radix?: i32): number;
  fromBool(value: bool): number;
  fromI32(value: i32): number;
  fromU32(value: u32): number;
  fromI64(value: i64): number;
  fromU64(value: u64): number;
  fromF32(value: f32): number;
  fromF64(value: f64): number;
  fromU128(value: u128): number;
  fromU256(value: u256): number;
  fromBytes<T>(bytes: T, bigEndian?: bool): number;
  fromBytesLE(bytes: u8[]): number;
  fromBytesBE(bytes: u8[]): number;
  fromUint8ArrayLE(bytes: Uint8Array): number;
  fromUint8ArrayBE(bytes: Uint8Array): number;
  isEmpty(value: number): bool;
  add(a: number, b: number): number;
  sub(a: number, b: number): number;
  mul(a: number, b: number): number;
  div(a: number, b: number): number;
  rem(a: number, b: number): number;
  and(a: number, b: number): number;
  or(a: number, b: number): number;
  xor(a: number, b: number): number;
  shl(value: number, shift: i32): number;
  shr(value: number, shift: i32): number;
  eq(a: number, b: number): bool;
  ne(a: number, b: number): bool;
  lt(a: number, b: number): bool;
  gt(a: number, b: number): bool;
  le(a: number, b: number): bool;
  ge(a: number, b: number): bool;
  popcnt(value: number): i32;
  clz(value: number): i32;
  ctz(value: number): i32;
}

interface Wide128 extends Wide {
  /** The number that two halves make. */
  new (lo?: u64, hi?: u64): number;
  pow(base: number, exponent: i32): number;
  /** The whole part of the square root. */
  sqrt(value: number): number;
  sqr(value: number): number;
  /** a · b / c without overflow in between. */
  muldiv(a: number, b: number, c: number): number;
  ord(a: number, b: number): i32;
}

interface Wide256 extends Wide {
  /** The number that four quarters make. */
  new (lo1?: u64, lo2?: u64, hi1?: u64, hi2?: u64): number;
}

/** An unsigned integer of 128 bits. Its operators wrap around silently; `checked` does not. */
export type u128 = number;
export declare const u128: Wide128;
/** An unsigned integer of 256 bits. Its operators wrap around silently; `checked` does not. */
export type u256 = number;
export declare const u256: Wide256;
