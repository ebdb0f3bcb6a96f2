/**
 * For editors only: what every number has, and what `for … of` goes over.
 *
 * The compiler's own declarations make `Number` an alias, which TypeScript 7 does not take for the type of
 * numbers, and know no iteration; this file comes before them, and so its interfaces are what counts.
 *
 * @module
 */
interface Number {
  /** The digits of the number. */
  toString(radix?: i32): string;
  /** Of wide integers: whether it is 0. */
  isZero(): bool;
  /** Of wide integers: the lowest bits. */
  toU32(): u32;
  /** Of wide integers: the lowest bits. */
  toI32(): i32;
  /** Of wide integers: the lowest bits. */
  toU64(): u64;
  /** Of wide integers: the lowest bits. */
  toI64(): i64;
  /** Of wide integers: whether it is not 0. */
  toBool(): bool;
  /** Of wide integers: a copy. */
  clone(): number;
  /** Of wide integers: their bytes, the lowest first unless told otherwise. */
  toBytes(bigEndian?: bool): u8[];
  /** Of wide integers: their bytes, the lowest first unless told otherwise. */
  toUint8Array(bigEndian?: bool): Uint8Array;
  /** Of `u256`: a quarter, the lowest first. */
  readonly lo1: u64;
  readonly lo2: u64;
  readonly hi1: u64;
  readonly hi2: u64;
  /** Of `u128`: the lower half. */
  readonly lo: u64;
  /** Of `u128`: the upper half. */
  readonly hi: u64;
}
interface Boolean {
  /** `true` or `false`. */
  toString(): string;
}
interface SymbolConstructor {
  readonly iterator: unique symbol;
}
interface IteratorYieldResult<T> {
  readonly done?: false;
  readonly value: T;
}
interface IteratorReturnResult<R> {
  readonly done: true;
  readonly value: R;
}
type IteratorResult<T, R = void> = IteratorYieldResult<T> | IteratorReturnResult<R>;
interface Iterator<T, R = void, N = void> {
  next(value?: N): IteratorResult<T, R>;
}
interface Iterable<T, R = void, N = void> {
  [Symbol.iterator](): Iterator<T, R, N>;
}
interface IterableIterator<T, R = void, N = void> extends Iterator<T, R, N>, Iterable<T, R, N> {}
interface Array<T> extends Iterable<T> {}
interface StaticArray<T> extends Iterable<T> {}
interface TypedArray<T> extends Iterable<T> {}
interface String extends Iterable<string> {}
