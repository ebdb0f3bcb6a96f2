/**
 * What a run of tests is asked to look into, as `hermetic test` tells it to the plugin and the test kit.
 *
 * They run in processes that vitest starts, so it goes by the environment.
 *
 * @module
 */
import type { BuildDiagnostic } from "./diagnostic.ts";

/** Variable of the environment that carries the request as JSON. */
export const INSIGHT_VARIABLE = "HERMETIC_INSIGHT";

export interface InsightRequest {
  /** Print what calls have cost, by contract and method. */
  readonly gas?: boolean;
  /** Compare that with a file, and fail on what became dearer. */
  readonly gasCheck?: boolean;
  /** Write that file. */
  readonly gasSave?: boolean;
  /** The file; `gas.json` in the root of the project if left out. */
  readonly gasFile?: string;
  /** Per cent by which gas may rise unnoticed; 1 if left out. */
  readonly gasTolerance?: number;
  /** Count what runs of the contracts; gas is then another. */
  readonly coverage?: boolean;
  /** Write what each function has cost. */
  readonly profile?: boolean;
  /** From 2 on, show the calls of each test: 3 with arguments, results and gas, 4 with host functions. */
  readonly traceLevel?: number;
  /** A program reads what the run says: warnings go into the result alone. */
  readonly quiet?: boolean;
  /** Where to write an {@link InsightResult}. */
  readonly resultFile?: string;
}

/** What calls of one method have cost. */
export interface GasRow {
  readonly contract: string;
  readonly method: string;
  readonly calls: number;
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** One number of a method that is not what the file says, by more than the tolerance. */
export interface GasChange {
  readonly contract: string;
  readonly method: string;
  readonly of: "min" | "median" | "max";
  readonly before: number;
  readonly now: number;
}

export interface GasComparison {
  readonly dearer: readonly GasChange[];
  readonly cheaper: readonly GasChange[];
  /** `Contract.method`: called, and not in the file. */
  readonly added: readonly string[];
  /** In the file, and not called. */
  readonly missing: readonly string[];
  /** Why the file cannot be compared with. */
  readonly problem?: string;
}

/** What a run has found, for whoever started it. */
export interface InsightResult {
  /** Whether every test passed. */
  readonly isPassed: boolean;
  readonly gas?: readonly GasRow[];
  readonly gasCheck?: GasComparison;
  /** What contracts are warned of, if the run was to be quiet. */
  readonly warnings?: readonly BuildDiagnostic[];
  readonly coverage?: Readonly<Record<"lines" | "branches" | "functions", CoverageShare>>;
}

/** Parts that ran, and parts that there are. */
export interface CoverageShare {
  readonly ran: number;
  readonly all: number;
}

/** @param environment - Such as `process.env`. */
export function insightRequest(
  environment: Readonly<Record<string, string | undefined>>,
): InsightRequest {
  const text = environment[INSIGHT_VARIABLE];
  // Our own command has written it.
  return text === undefined ? {} : (JSON.parse(text) as InsightRequest);
}
