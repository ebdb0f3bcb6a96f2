/**
 * What the probes of a coverage build stand for.
 *
 * A probe is a counter of 32 bits in the contract's own memory, below all else there.
 *
 * @module
 */
import type { Point } from "../function-spans.ts";

/** Where the counters begin: nothing may lie at address zero. */
export const COUNTERS_ADDRESS = 8;

/** From the first character to the last. */
export interface Place {
  readonly from: Point;
  readonly to: Point;
}

export interface Probe extends Place {
  /** Number of its counter; several may share one. */
  readonly id: number;
}

export interface FunctionProbe extends Probe {
  readonly name: string;
}

export interface BranchProbe extends Place {
  readonly kind: "if" | "conditional" | "logical" | "switch";
  /** One for each way. */
  readonly arms: readonly Probe[];
}

export interface FileProbes {
  /** Absolute path. */
  readonly file: string;
  readonly functions: readonly FunctionProbe[];
  readonly statements: readonly Probe[];
  readonly branches: readonly BranchProbe[];
}

export interface ProbeMap {
  /** Counters in all. */
  readonly count: number;
  readonly files: readonly FileProbes[];
}

/** Bytes at the beginning of memory that the counters need: whole units of sixteen. */
export function counterBytes(count: number): number {
  return Math.ceil((COUNTERS_ADDRESS + 4 * count) / 16) * 16;
}
