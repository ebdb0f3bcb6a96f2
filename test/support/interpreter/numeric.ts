/**
 * What each numeric instruction computes, one line each.
 *
 * i32 values are signed numbers, i64 values signed BigInts, floats are numbers. A NaN has no bits here,
 * because no contract ever sees any but the canonical ones.
 *
 * @module
 */
import { Trapped, type Value } from "#test/support/interpreter/values.ts";

export interface Numeric {
  readonly arity: number;
  readonly run: (a: Value, b: Value) => Value;
}

/** Numeric instructions by opcode; prefixed ones are two bytes wide. */
export const numeric: ReadonlyMap<number, Numeric> = new Map([
  ...integers32(),
  ...integers64(),
  ...floats(0x5b, 0x8b, Math.fround),
  ...floats(0x61, 0x99, (value) => value),
  ...conversions(),
]);

type Entry = [number, Numeric];

function unary<A>(first: number, ...runs: ((a: A) => Value | boolean)[]): Entry[] {
  return runs.map((run, index) => [first + index, { arity: 1, run: (a) => tidy(run(a as A)) }]);
}

function binary<A>(first: number, ...runs: ((a: A, b: A) => Value | boolean)[]): Entry[] {
  return runs.map((run, index) => [
    first + index,
    { arity: 2, run: (a, b) => tidy(run(a as A, b as A)) },
  ]);
}

function tidy(value: Value | boolean): Value {
  return typeof value === "boolean" ? Number(value) : value;
}

function trapUnless(condition: boolean): void {
  if (!condition) throw new Trapped("TRAP");
}

function integers32(): Entry[] {
  const divisor = (b: number): number => {
    trapUnless(b !== 0);
    return b;
  };
  return [
    ...unary<number>(0x45, (a) => a === 0),
    ...binary<number>(
      0x46,
      ...[(a: number, b: number) => a === b, (a: number, b: number) => a !== b],
      ...[(a: number, b: number) => a < b, (a: number, b: number) => a >>> 0 < b >>> 0],
      ...[(a: number, b: number) => a > b, (a: number, b: number) => a >>> 0 > b >>> 0],
      ...[(a: number, b: number) => a <= b, (a: number, b: number) => a >>> 0 <= b >>> 0],
      ...[(a: number, b: number) => a >= b, (a: number, b: number) => a >>> 0 >= b >>> 0],
    ),
    ...unary<number>(
      0x67,
      (a) => Math.clz32(a),
      (a) => (a === 0 ? 32 : 31 - Math.clz32(a & -a)),
      (a) => ones(BigInt.asUintN(32, BigInt(a))),
    ),
    ...binary<number>(
      0x6a,
      (a, b) => (a + b) | 0,
      (a, b) => (a - b) | 0,
      (a, b) => Math.imul(a, b),
      (a, b) => {
        trapUnless(!(a === -(2 ** 31) && b === -1));
        return (a / divisor(b)) | 0;
      },
      (a, b) => ((a >>> 0) / divisor(b >>> 0)) | 0,
      (a, b) => (a % divisor(b)) | 0,
      (a, b) => ((a >>> 0) % divisor(b >>> 0)) | 0,
      (a, b) => a & b,
      (a, b) => a | b,
      (a, b) => a ^ b,
      (a, b) => a << b,
      (a, b) => a >> b,
      (a, b) => (a >>> b) | 0,
      // Shift counts are taken modulo 32, here as in the format.
      (a, b) => (a << b) | (a >>> -b),
      (a, b) => (a >>> b) | (a << -b),
    ),
  ];
}

function ones(bits: bigint): number {
  return [...bits.toString(2)].filter((digit) => digit === "1").length;
}

function integers64(): Entry[] {
  const u = (a: bigint): bigint => BigInt.asUintN(64, a);
  const s = (a: bigint): bigint => BigInt.asIntN(64, a);
  const by = (b: bigint): bigint => b & 63n;
  const divisor = (b: bigint): bigint => {
    trapUnless(b !== 0n);
    return b;
  };
  const leading = (a: bigint): bigint => BigInt(a === 0n ? 64 : 64 - u(a).toString(2).length);
  const trailing = (a: bigint): bigint => (a === 0n ? 64n : 63n - leading(a & -a));
  return [
    ...unary<bigint>(0x50, (a) => a === 0n),
    ...binary<bigint>(
      0x51,
      ...[(a: bigint, b: bigint) => a === b, (a: bigint, b: bigint) => a !== b],
      ...[(a: bigint, b: bigint) => a < b, (a: bigint, b: bigint) => u(a) < u(b)],
      ...[(a: bigint, b: bigint) => a > b, (a: bigint, b: bigint) => u(a) > u(b)],
      ...[(a: bigint, b: bigint) => a <= b, (a: bigint, b: bigint) => u(a) <= u(b)],
      ...[(a: bigint, b: bigint) => a >= b, (a: bigint, b: bigint) => u(a) >= u(b)],
    ),
    ...unary<bigint>(0x79, leading, trailing, (a) => BigInt(ones(u(a)))),
    ...binary<bigint>(
      0x7c,
      (a, b) => s(a + b),
      (a, b) => s(a - b),
      (a, b) => s(a * b),
      (a, b) => {
        trapUnless(!(a === -(2n ** 63n) && b === -1n));
        return a / divisor(b);
      },
      (a, b) => s(u(a) / divisor(u(b))),
      (a, b) => a % divisor(b),
      (a, b) => s(u(a) % divisor(u(b))),
      (a, b) => a & b,
      (a, b) => a | b,
      (a, b) => a ^ b,
      (a, b) => s(a << by(b)),
      (a, b) => a >> by(b),
      (a, b) => s(u(a) >> by(b)),
      (a, b) => s((u(a) << by(b)) | (u(a) >> (64n - by(b)))),
      (a, b) => s((u(a) >> by(b)) | (u(a) << (64n - by(b)))),
    ),
  ];
}

/** Ties to even, which `Math.round` does not. */
function nearest(a: number): number {
  if (!Number.isFinite(a) || Math.abs(a) >= 2 ** 52) return a;
  const floor = Math.floor(a);
  const rest = a - floor;
  const up = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0);
  const result = up ? floor + 1 : floor;
  return result === 0 && (a < 0 || Object.is(a, -0)) ? -0 : result;
}

function isNegative(a: number): boolean {
  return a < 0 || Object.is(a, -0);
}

/** Comparisons from `compare`, arithmetic from `first`; `round` brings results to the width. */
function floats(compare: number, first: number, round: (value: number) => number): Entry[] {
  return [
    ...binary<number>(
      compare,
      ...[(a: number, b: number) => a === b, (a: number, b: number) => a !== b],
      ...[(a: number, b: number) => a < b, (a: number, b: number) => a > b],
      ...[(a: number, b: number) => a <= b, (a: number, b: number) => a >= b],
    ),
    ...unary<number>(
      first,
      ...[Math.abs, (a: number) => -a, Math.ceil, Math.floor, Math.trunc, nearest],
      (a) => round(Math.sqrt(a)),
    ),
    ...binary<number>(
      first + 7,
      (a, b) => round(a + b),
      (a, b) => round(a - b),
      (a, b) => round(a * b),
      (a, b) => round(a / b),
      (a, b) => Math.min(a, b),
      (a, b) => Math.max(a, b),
      (a, b) => (isNegative(b) ? -Math.abs(a) : Math.abs(a)),
    ),
  ];
}

/** The four float-to-integer shapes: to i32 and i64, signed and unsigned. */
function truncations(first: number, bits: 32 | 64, saturates: boolean): Entry[] {
  const wrap = (value: bigint): Value =>
    bits === 32 ? Number(BigInt.asIntN(32, value)) : BigInt.asIntN(64, value);
  const truncate = (signed: boolean) => (a: number) => {
    const low = signed ? -(2n ** BigInt(bits - 1)) : 0n;
    const high = 2n ** BigInt(signed ? bits - 1 : bits) - 1n;
    if (saturates && Number.isNaN(a)) return wrap(0n);
    if (saturates && !Number.isFinite(a)) return wrap(a > 0 ? high : low);
    trapUnless(Number.isFinite(a));
    const whole = BigInt(Math.trunc(a));
    if (saturates) return wrap(whole < low ? low : whole > high ? high : whole);
    trapUnless(whole >= low && whole <= high);
    return wrap(whole);
  };
  const pair = [truncate(true), truncate(false)] as const;
  return unary<number>(first, ...pair, ...pair);
}

function conversions(): Entry[] {
  const view = new DataView(new ArrayBuffer(8));
  const f32Bits = (a: number): number => {
    view.setFloat32(0, a);
    return Number.isNaN(a) ? 0x7fc0_0000 : view.getInt32(0);
  };
  const f64Bits = (a: number): bigint => {
    view.setFloat64(0, a);
    return Number.isNaN(a) ? 0x7ff8_0000_0000_0000n : view.getBigInt64(0);
  };
  const toSingle = (a: bigint): number => {
    // Rounds once: a double that was rounded to odd keeps what the second rounding needs to know.
    const size = BigInt.asUintN(64, a < 0n ? -a : a).toString(2).length;
    if (size <= 53) return Math.fround(Number(a));
    const shift = BigInt(size - 40);
    const magnitude = a < 0n ? -a : a;
    const kept = magnitude >> shift;
    const sticky = kept << shift === magnitude ? 0n : 1n;
    const rounded = Math.fround(Number(kept | sticky)) * 2 ** Number(shift);
    return a < 0n ? -rounded : rounded;
  };
  return [
    ...unary<bigint>(0xa7, (a) => Number(BigInt.asIntN(32, a))),
    ...truncations(0xa8, 32, false),
    ...unary<number>(
      0xac,
      (a) => BigInt(a),
      (a) => BigInt(a >>> 0),
    ),
    ...truncations(0xae, 64, false),
    ...unary<number>(0xb2, Math.fround, (a) => Math.fround(a >>> 0)),
    ...unary<bigint>(0xb4, toSingle, (a) => toSingle(BigInt.asUintN(64, a))),
    ...unary<number>(
      0xb6,
      Math.fround,
      (a) => a,
      (a) => a >>> 0,
    ),
    ...unary<bigint>(0xb9, Number, (a) => Number(BigInt.asUintN(64, a))),
    ...unary<number>(0xbb, (a) => a, f32Bits, f64Bits),
    ...unary<number>(0xbe, (a) => {
      view.setInt32(0, a);
      return view.getFloat32(0);
    }),
    ...unary<bigint>(0xbf, (a) => {
      view.setBigInt64(0, a);
      return view.getFloat64(0);
    }),
    ...unary<number>(
      0xc0,
      (a) => (a << 24) >> 24,
      (a) => (a << 16) >> 16,
    ),
    ...unary<bigint>(0xc2, ...[8, 16, 32].map((bits) => (a: bigint) => BigInt.asIntN(bits, a))),
    ...truncations(0xfc00, 32, true),
    ...truncations(0xfc04, 64, true),
  ];
}
