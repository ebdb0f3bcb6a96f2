/**
 * What each numeric instruction computes, one line each.
 *
 * i32 values are signed numbers, i64 values signed BigInts, floats are numbers. A NaN has no bits here,
 * because no contract ever sees any but the canonical ones.
 *
 * @module
 */
import { conversions } from "#test/support/interpreter/conversions.ts";
import {
  binary,
  trapUnless,
  unary,
  type Entry,
  type Numeric,
} from "#test/support/interpreter/entries.ts";

/** Numeric instructions by opcode; prefixed ones are two bytes wide. */
export const numeric: ReadonlyMap<number, Numeric> = new Map([
  ...integers32(),
  ...integers64(),
  ...floats(0x5b, 0x8b, Math.fround),
  ...floats(0x61, 0x99, (value) => value),
  ...conversions(),
]);

function integers32(): Entry[] {
  const divisor = (b: number): number => {
    trapUnless(b !== 0, "integer divide by zero");
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
        trapUnless(!(a === -(2 ** 31) && b === -1), "integer overflow");
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
    trapUnless(b !== 0n, "integer divide by zero");
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
        trapUnless(!(a === -(2n ** 63n) && b === -1n), "integer overflow");
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
