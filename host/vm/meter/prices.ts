/**
 * What each instruction costs. One gas is about one nanosecond of un-inlined code.
 *
 * Prices depend on the instruction alone, never on values, so that gas can be charged for whole
 * stretches of code before they run. What depends on a length is priced per unit below. So an instruction
 * costs what it takes at its worst: `npm run bench -- calibrate` holds each against time, and none may take
 * three times what it pays. Most code therefore runs far faster than its gas says.
 *
 * @module
 */
import type { CoreModule } from "#host/vm/decode/module.ts";
import { op } from "#host/vm/decode/opcodes.ts";

/** What a fresh instance is made with. */
type Initial = Pick<CoreModule, "memoryPages" | "dataBytes" | "tableEntries" | "activeEntries">;

/** Changes whenever the same code could cost a different amount or be rewritten differently. */
export const METER_VERSION = 12;

/**
 * Gas per page of `memory.grow`, charged whether or not the growth succeeds: sixteen page faults of 1.5 µs, which
 * the first touch of each page causes.
 */
export const PAGE_GAS = 24_576;
/** Bytes that bulk memory instructions move per gas, as a shift: 4 ns per 64 bytes that no cache holds. */
export const BULK_BYTES_PER_GAS_SHIFT = 4;
/** Gas per table entry that `table.init` and `table.copy` write: each is a function made ready to be called. */
export const ENTRY_GAS = 64;
/** Locals zeroed per gas on function entry, as a shift. */
const LOCALS_PER_GAS_SHIFT = 2;

/** Gas of a fresh instance, apart from its pages, data and table. */
const INSTANCE_GAS = 40_000;
/** Gas of an entry of a fresh instance's table. */
const EMPTY_ENTRY_GAS = 16;

const FREE = [op.nop, op.block, op.loop, op.else, op.end, op.unreachable];
/** A load whose address the last load gave waits for memory, 150 ns, and nothing else goes on. */
const LOAD_GAS = 52;
/** Nobody waits for a store. */
const STORE_GAS = 2;
const SATURATING_GAS = 4;
const BULK_GAS = 10;
/** Leaves compiled code even for no entries. */
const TABLE_GAS = 100;

/** Gas of each one-byte opcode. */
const prices: Uint8Array = priceTable();

function priceTable(): Uint8Array {
  const table = new Uint8Array(256).fill(1);
  for (const code of FREE) table[code] = 0;
  table.fill(LOAD_GAS, 0x28, 0x36);
  table.fill(STORE_GAS, 0x36, 0x3f);
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
  if (opcode === op.tableInit || opcode === op.tableCopy) return TABLE_GAS;
  return opcode >= op.memoryInit ? BULK_GAS : SATURATING_GAS;
}

/** Gas of entering a function: its locals have to be zeroed. */
export function entryGas(localCount: number): number {
  return localCount >> LOCALS_PER_GAS_SHIFT;
}

/** Gas every call pays for its instance: memory is mapped, data and element segments are copied each time. */
export function instanceGas(module: Initial): number {
  const { memoryPages, dataBytes, tableEntries, activeEntries } = module;
  const memory = memoryPages * PAGE_GAS + (dataBytes >> BULK_BYTES_PER_GAS_SHIFT);
  return INSTANCE_GAS + memory + tableEntries * EMPTY_ENTRY_GAS + activeEntries * ENTRY_GAS;
}
