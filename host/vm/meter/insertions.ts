/**
 * Code that is inserted around floats, bulk operations and memory growth, as bytes.
 *
 * @module
 */
import { EMPTY_BLOCK, op } from "#host/vm/decode/opcodes.ts";
import { BULK_BYTES_PER_GAS_SHIFT, PAGE_GAS } from "#host/vm/meter/prices.ts";
import type { Writer } from "#host/vm/meter/writer.ts";

const SHIFT_U = 0x76;

interface Canonical {
  readonly nan: readonly number[];
  readonly notEqual: number;
}

const canonical: Readonly<Record<"f32" | "f64", Canonical>> = {
  f32: { nan: [op.f32Const, 0x00, 0x00, 0xc0, 0x7f], notEqual: op.f32Ne },
  f64: { nan: [op.f64Const, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f], notEqual: op.f64Ne },
};

/** Replaces the float on top by the canonical NaN if it is one. `local` is a spare of its type. */
export function writeCanonical(code: Writer, type: "f32" | "f64", local: number): void {
  const { nan, notEqual } = canonical[type];
  code.byte(op.localTee).u32(local).byte(op.localGet).u32(local).byte(notEqual);
  code
    .bytes(op.if, EMPTY_BLOCK)
    .bytes(...nan)
    .byte(op.localSet)
    .u32(local)
    .byte(op.end);
  code.byte(op.localGet).u32(local);
}

/** Pushes the gas for as many bytes as the local `amount` says. */
export function writeByteGas(code: Writer, amount: number): void {
  code.byte(op.localGet).u32(amount);
  code.byte(op.i32Const).signed(BULK_BYTES_PER_GAS_SHIFT).bytes(SHIFT_U, op.i64ExtendI32U);
}

/** Pushes the gas for as many pages as the local `amount` says. */
export function writePageGas(code: Writer, amount: number): void {
  code.byte(op.localGet).u32(amount).byte(op.i64ExtendI32U);
  code.byte(op.i64Const).signed(PAGE_GAS).byte(op.i64Mul);
}

/** What growth has to be told from: the locals of its result and its pages, and the limit of memory. */
export interface Growth {
  readonly grown: number;
  readonly amount: number;
  readonly pagesMax: number;
}

/** Keeps the result of `memory.grow` and opens two blocks that run if growth below the limit was refused. */
export function writeIfRefused(code: Writer, { grown, amount, pagesMax }: Growth): void {
  code.byte(op.localTee).u32(grown).bytes(op.i32Const, 0x7f, op.i32Eq, op.if, EMPTY_BLOCK);
  code.bytes(op.memorySize, 0, op.i64ExtendI32U);
  code.byte(op.localGet).u32(amount).bytes(op.i64ExtendI32U, op.i64Add);
  code.byte(op.i64Const).signed(pagesMax).bytes(op.i64LeU, op.if, EMPTY_BLOCK);
}

/** Gas that a loop pays before a share of its iterations, at most. */
const SHARE_GAS_MAX = 2 ** 20;

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
