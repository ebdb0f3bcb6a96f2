/**
 * What each instruction costs. One gas is about one nanosecond of un-inlined code.
 *
 * Prices depend on the instruction alone, never on values, so that gas can be charged for whole
 * stretches of code before they run. What depends on a length is priced per unit below.
 *
 * @module
 */
import { op } from "#host/vm/decode/opcodes.ts";

/** Changes whenever the same code could cost a different amount or be rewritten differently. */
export const METER_VERSION = 9;

/** Gas per page of `memory.grow`: sixteen page faults, charged whether or not the growth succeeds. */
export const PAGE_GAS = 4_096;
/** Bytes that bulk memory instructions move per gas, as a shift. */
export const BULK_BYTES_PER_GAS_SHIFT = 2;
/** Locals zeroed per gas on function entry, as a shift. */
const LOCALS_PER_GAS_SHIFT = 2;

/** Gas of a fresh instance, apart from its pages and data. */
const INSTANCE_GAS = 40_000;

const FREE = [op.nop, op.block, op.loop, op.else, op.end, op.unreachable];
const SATURATING_GAS = 4;
const BULK_GAS = 10;

/** Gas of each one-byte opcode. */
const prices: Uint8Array = priceTable();

function priceTable(): Uint8Array {
  const table = new Uint8Array(256).fill(1);
  for (const code of FREE) table[code] = 0;
  table.fill(2, 0x28, 0x3f);
  // Integer division and remainder, then float square root and division.
  for (const code of [0x6d, 0x6e, 0x6f, 0x70, 0x7f, 0x80, 0x81, 0x82]) table[code] = 8;
  for (const code of [0x91, 0x95, 0x9f, 0xa3]) table[code] = 6;
  table[op.brTable] = 3;
  table[op.call] = 4;
  table[op.callIndirect] = 8;
  table[op.memorySize] = 2;
  // Leaves compiled code even for no pages.
  table[op.memoryGrow] = 100;
  return table;
}

/** Gas of one instruction at normal completion; prefixed opcodes are two bytes wide. */
export function instructionGas(opcode: number): number {
  if (opcode <= 0xff) return prices[opcode] ?? 0;
  return opcode >= op.memoryInit ? BULK_GAS : SATURATING_GAS;
}

/** Gas of entering a function: its locals have to be zeroed. */
export function entryGas(localCount: number): number {
  return localCount >> LOCALS_PER_GAS_SHIFT;
}

/** Gas every call pays for its instance: memory is mapped and data segments are copied each time. */
export function instanceGas(memoryPages: number, dataBytes: number): number {
  return INSTANCE_GAS + memoryPages * PAGE_GAS + (dataBytes >> BULK_BYTES_PER_GAS_SHIFT);
}
