/**
 * The two counters that metered code keeps, and the code that moves them.
 *
 * They are globals added behind the contract's own, so no instruction of the contract can name
 * them. Each is checked where it is lowered: nothing runs between a charge and its check.
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
/** What the stack counter holds after the engine refused memory it had promised. */
export const EXHAUSTED: number = -(2 ** 31);

/** Where a function finds the gas counter: in the global, or in a local that it holds the counter in. */
export interface GasPlace {
  readonly global: number;
  /** An i64 local: the counter itself if `isHeld`, else a spare. */
  readonly local: number;
  readonly isHeld: boolean;
}

/** Lowers the gas counter by the i64 that `amount` pushes, and traps below zero with the global below zero. */
export function writeCharge(code: Writer, gas: GasPlace, amount: () => void): void {
  if (gas.isHeld) code.byte(op.localGet).u32(gas.local);
  else code.byte(op.globalGet).u32(gas.global);
  amount();
  code.byte(op.i64Sub).byte(op.localTee).u32(gas.local);
  if (gas.isHeld) {
    code.bytes(op.i64Const, 0, op.i64LtS, op.if, EMPTY_BLOCK);
    writeBack(code, gas);
    code.bytes(op.unreachable, op.end);
  } else {
    code.byte(op.globalSet).u32(gas.global);
    code.byte(op.localGet).u32(gas.local).bytes(op.i64Const, 0, op.i64LtS);
    writeTrapIf(code);
  }
}

/** Brings a held counter to the global, for whoever runs next. */
export function writeBack(code: Writer, gas: GasPlace): void {
  code.byte(op.localGet).u32(gas.local).byte(op.globalSet).u32(gas.global);
}

/** Takes the counter from the global. */
export function writeTake(code: Writer, gas: GasPlace): void {
  code.byte(op.globalGet).u32(gas.global).byte(op.localSet).u32(gas.local);
}

/** Lowers the stack counter by a frame and traps below zero. */
export function writeEnter(code: Writer, stackGlobal: number, bytes: number): void {
  code.byte(op.globalGet).u32(stackGlobal).byte(op.i32Const).signed(bytes).byte(op.i32Sub);
  code.byte(op.globalSet).u32(stackGlobal);
  code.byte(op.globalGet).u32(stackGlobal).bytes(op.i32Const, 0, op.i32LtS);
  writeTrapIf(code);
}

/** Gives a frame's bytes back. */
export function writeLeave(code: Writer, stackGlobal: number, bytes: number): void {
  code.byte(op.globalGet).u32(stackGlobal).byte(op.i32Const).signed(bytes).byte(op.i32Add);
  code.byte(op.globalSet).u32(stackGlobal);
}

/** Marks the instance as short of host memory and traps. */
export function writeExhausted(code: Writer, stackGlobal: number): void {
  code.byte(op.i32Const).signed(EXHAUSTED).byte(op.globalSet).u32(stackGlobal).byte(op.unreachable);
}

function writeTrapIf(code: Writer): void {
  code.bytes(op.if, EMPTY_BLOCK, op.unreachable, op.end);
}

/** The two global definitions, without a count. */
export function writeCounters(section: Writer, gas: number, stackBytes: number): void {
  section.bytes(valueType.i64, 1, op.i64Const).signed(gas).byte(op.end);
  section.bytes(valueType.i32, 1, op.i32Const).signed(stackBytes).byte(op.end);
}
