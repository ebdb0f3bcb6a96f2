/**
 * The two counters that metered code keeps, and the code that moves them.
 *
 * While a function runs they are locals: gas comes in as a parameter and goes out as a result, stack only
 * comes in. The host finds them in two globals, added behind the contract's own, so that no instruction of
 * the contract can name them; there they are right while the host runs and after the end. Each is checked
 * where it is lowered: nothing runs between a charge and its check.
 *
 * @module
 */
import { EMPTY_BLOCK, op, valueType } from "#host/vm/decode/opcodes.ts";
import type { Writer } from "#host/vm/meter/writer.ts";
import { RESERVED_PREFIX } from "#host/vm/world.ts";

/** Gas left, an i64; below zero once the call ran out. */
export const GAS_EXPORT: string = `${RESERVED_PREFIX}gas`;
/** Stack bytes left, an i32; below zero once the limit was passed. */
export const STACK_EXPORT: string = `${RESERVED_PREFIX}stack`;
/** `i64.trunc_sat_f64_s`, behind the prefix. */
const TRUNCATE_F64 = 6;
/** What the stack counter holds after the engine refused memory it had promised. */
export const EXHAUSTED: number = -(2 ** 31);

/** Takes gas for the host: an amount as f64, from 0 to 2^53; gives 1, or 0 if less is left and nothing was taken. */
export const PAY_EXPORT: string = `${RESERVED_PREFIX}pay`;

/** Where the host finds the two. */
export interface Counters {
  readonly gasGlobal: number;
  readonly stackGlobal: number;
}

/** Lowers the local `gas` by the i64 on top, the old counter below it, and branches to `label` below zero. */
export function writeLowered(code: Writer, gas: number, label: number): void {
  code.byte(op.i64Sub).byte(op.localTee).u32(gas);
  code.pair(op.i64Const, 0).pair(op.i64LtS, op.brIf).u32(label);
}

/** Takes a frame from the stack bytes in a local, and traps below zero with the global below zero. */
export function writeEnter(code: Writer, stack: number, global: number, bytes: number): void {
  code.byte(op.localGet).u32(stack).byte(op.i32Const).signed(bytes).byte(op.i32Sub);
  code.byte(op.localTee).u32(stack).pair(op.i32Const, 0).pair(op.i32LtS, op.if).byte(EMPTY_BLOCK);
  writeMove(code, stack, global);
  code.pair(op.unreachable, op.end);
}

/** Brings a local to a global. */
export function writeMove(code: Writer, local: number, global: number): void {
  code.byte(op.localGet).u32(local).byte(op.globalSet).u32(global);
}

/** The body of {@link PAY_EXPORT}: an f64 comes in, an i32 goes out. A global would cost the host a call of the engine. */
export function writePay(code: Writer, { gasGlobal }: Counters): void {
  const [amount, left] = [0, 1];
  code.byte(op.globalGet).u32(gasGlobal).pair(op.localGet, amount);
  code.byte(op.prefix).byte(TRUNCATE_F64).pair(op.i64Sub, op.localTee).byte(left);
  code.pair(op.i64Const, 0).pair(op.i64LtS, op.if).byte(EMPTY_BLOCK);
  code.pair(op.i32Const, 0).bytes(op.return, op.end);
  code.pair(op.localGet, left).byte(op.globalSet).u32(gasGlobal).pair(op.i32Const, 1);
}

/** Marks the instance as short of host memory and traps. */
export function writeExhausted(code: Writer, stackGlobal: number): void {
  code.byte(op.i32Const).signed(EXHAUSTED).byte(op.globalSet).u32(stackGlobal).byte(op.unreachable);
}

/** The two global definitions, without a count. */
export function writeCounters(section: Writer, gas: number, stackBytes: number): void {
  section.bytes(valueType.i64, 1, op.i64Const).signed(gas).byte(op.end);
  section.bytes(valueType.i32, 1, op.i32Const).signed(stackBytes).byte(op.end);
}
