/**
 * Conversions between the four types, truncations and reinterpretations.
 *
 * @module
 */
import { trapUnless, unary, type Entry } from "#test/support/interpreter/entries.ts";
import type { Value } from "#test/support/interpreter/values.ts";

/** The four float-to-integer shapes: to i32 and i64, signed and unsigned. */
function truncations(first: number, bits: 32 | 64, saturates: boolean): Entry[] {
  const wrap = (value: bigint): Value =>
    bits === 32 ? Number(BigInt.asIntN(32, value)) : BigInt.asIntN(64, value);
  const truncate = (signed: boolean) => (a: number) => {
    const low = signed ? -(2n ** BigInt(bits - 1)) : 0n;
    const high = 2n ** BigInt(signed ? bits - 1 : bits) - 1n;
    if (saturates && Number.isNaN(a)) return wrap(0n);
    if (saturates && !Number.isFinite(a)) return wrap(a > 0 ? high : low);
    trapUnless(!Number.isNaN(a), "invalid conversion to integer");
    trapUnless(Number.isFinite(a), "integer overflow");
    const whole = BigInt(Math.trunc(a));
    if (saturates) return wrap(whole < low ? low : whole > high ? high : whole);
    trapUnless(whole >= low && whole <= high, "integer overflow");
    return wrap(whole);
  };
  const pair = [truncate(true), truncate(false)] as const;
  return unary<number>(first, ...pair, ...pair);
}

/** The instructions from 0xa7 on, and the saturating truncations. */
export function conversions(): Entry[] {
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
