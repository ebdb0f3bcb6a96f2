/**
 * The corpus on which gas is held against time.
 *
 * @module
 */
import { arithmetic } from "#test/bench/calibrate/arithmetic.ts";
import { control } from "#test/bench/calibrate/control.ts";
import type { Kernel } from "#test/bench/calibrate/kernel.ts";
import { memory } from "#test/bench/calibrate/memory.ts";
import { table } from "#test/bench/calibrate/table.ts";

/** Code of contracts alone; host functions are in `host.ts`. */
export const corpus: readonly Kernel[] = [...arithmetic, ...memory, ...control, ...table];
