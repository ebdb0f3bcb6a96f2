/**
 * Kernels that write the table: from segments, and from one place of it to another.
 *
 * @module
 */
import { MODULE_TABLE_ENTRIES_MAX } from "#protocol/limits.ts";
import { kernel, type Kernel, type KernelParts } from "#test/bench/calibrate/kernel.ts";
import { constant, u32, vector, type Code } from "#test/support/wasm.ts";

const FUNCREF = 0x70;
/** Entries of the segment: half of what all segments may have. */
const LENGTH = MODULE_TABLE_ENTRIES_MAX / 2;
/** Index of the first function behind the five that every contract has. */
const FIRST = 5;
/** Functions in the segment, one after the other. */
const FUNCTIONS = 50;

const functions = Array.from({ length: FUNCTIONS }, () => ({ code: [] }));
const listed = (length: number): Code =>
  vector(Array.from({ length }, (_, index) => u32(FIRST + (index % FUNCTIONS))));
const active = (length: number): Code => [0x00, ...constant(0), 0x0b, ...listed(length)];

/** The largest table, with nothing in it and with all that it holds. */
export const emptyTable: Partial<KernelParts> = {
  table: vector([[FUNCREF, 0, ...u32(MODULE_TABLE_ENTRIES_MAX)]]),
};
export const fullTable: Partial<KernelParts> = {
  ...emptyTable,
  functions,
  elements: [active(MODULE_TABLE_ENTRIES_MAX)],
};
/** One that is half full, and a segment with as much. */
const halfTable = { ...fullTable, elements: [active(LENGTH), [0x01, 0x00, ...listed(LENGTH)]] };

const bulk = (what: string, code: number, length: number, immediates: Code): Kernel =>
  kernel(`${what} of ${length} entries`, [0xfc00 | code], {
    ...halfTable,
    unit: [...constant(LENGTH), ...constant(0), ...constant(length), 0xfc, code, ...immediates],
    unrolled: 8,
    turns: Math.max(2, Math.floor(4_000 / (length + 10))),
  });

export const table: readonly Kernel[] = [
  ...[0, 1, 100, LENGTH].flatMap((length) => [
    bulk("table.init", 0x0c, length, [1, 0]),
    bulk("table.copy", 0x0e, length, [0, 0]),
  ]),
  kernel("elem.drop", [0xfc0d], { ...halfTable, unit: [0xfc, 0x0d, 1], turns: 2_000 }),
];
