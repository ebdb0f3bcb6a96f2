/**
 * Code that is inserted around floats and before loops, as bytes.
 *
 * @module
 */
import { EMPTY_BLOCK, op } from "#host/vm/decode/opcodes.ts";
import type { Writer } from "#host/vm/meter/writer.ts";

/** Gas that a loop pays before a share of its iterations, at most. */
const SHARE_GAS_MAX = 2 ** 20;

const notEqual: Readonly<Record<"f32" | "f64", number>> = { f32: op.f32Ne, f64: op.f64Ne };

/** Replaces the float on top by what the global `nan` holds if it is a NaN. `local` is a spare of its type. */
export function writeCanonical(
  code: Writer,
  type: "f32" | "f64",
  { local, nan }: { readonly local: number; readonly nan: number },
): void {
  code.byte(op.localTee).u32(local).byte(op.localGet).u32(local);
  code.byte(notEqual[type]).pair(op.if, EMPTY_BLOCK);
  code.byte(op.globalGet).u32(nan).byte(op.localSet).u32(local).byte(op.end);
  code.byte(op.localGet).u32(local);
}

/** One less than the greatest power of two of iterations that cost at most {@link SHARE_GAS_MAX}. */
export function shareMask(gas: number): number {
  return 2 ** Math.floor(Math.log2(SHARE_GAS_MAX / gas)) - 1;
}

/** Keeps one less than the iterations of the next share in the local `share`; how many are left is on top. */
export function writeShare(code: Writer, mask: number, share: number): void {
  code.pair(op.i32Const, 1).byte(op.i32Sub).byte(op.i32Const).signed(mask);
  code.byte(op.i32And).byte(op.localSet).u32(share);
}

/** Takes from the counter on top what a share costs but for one iteration, and pushes the gas of that one. */
export function writeShareGas(code: Writer, share: number, gas: number): void {
  code.byte(op.localGet).u32(share).byte(op.i64ExtendI32U);
  code.byte(op.i64Const).signed(gas).pair(op.i64Mul, op.i64Sub);
  code.byte(op.i64Const).signed(gas);
}
