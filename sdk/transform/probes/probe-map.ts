/**
 * What the probes of a coverage build stand for.
 *
 * A probe is a counter of 32 bits in the contract's own memory, below all else there.
 *
 * @module
 */
import type { Point } from "../function-span.ts";

/** Where the counters begin: nothing may lie at address zero. */
export const COUNTERS_ADDRESS = 8;

/** From the first character to the last. */
export interface Place {
  readonly from: Point;
  readonly to: Point;
}

/** A condition with its ways, each marked by itself. */
export interface BranchParts<Mark> extends Place {
  readonly kind: "if" | "conditional" | "logical" | "switch";
  /** One for each way. */
  readonly arms: readonly (Place & Mark)[];
}

/** The parts of a source file that are counted, and what is known of each besides its place. */
export interface FileParts<Mark> {
  /** Absolute path. */
  readonly file: string;
  readonly functions: readonly (Place & Mark & { readonly name: string })[];
  readonly statements: readonly (Place & Mark)[];
  readonly branches: readonly BranchParts<Mark>[];
}

/** Number of a counter; several parts may share one. */
export interface CounterId {
  readonly id: number;
}

export type Probe = Place & CounterId;
export type FunctionProbe = FileProbes["functions"][number];
export type BranchProbe = BranchParts<CounterId>;
export type FileProbes = FileParts<CounterId>;

export interface ProbeMap {
  /** Counters in all. */
  readonly count: number;
  readonly files: readonly FileProbes[];
}

/** Bytes at the beginning of memory that the counters need: whole units of sixteen. */
export function counterBytes(count: number): number {
  return Math.ceil((COUNTERS_ADDRESS + 4 * count) / 16) * 16;
}
