/**
 * Flags of `hermetic test` that look into the contracts, and what they ask of the run.
 *
 * @module
 */
import type { Command } from "commander";
import type { InsightRequest } from "#sdk/transform/insight.ts";
import { usage } from "#worker/cli/usage.ts";

export interface InsightFlags {
  readonly verbose?: number;
  readonly coverage?: boolean;
  readonly profile?: boolean;
  readonly gas?: boolean;
  readonly gasCheck?: boolean;
  readonly gasSave?: boolean;
  readonly gasFile?: string;
  readonly gasTolerance?: string;
}

export function addInsightFlags(test: Command): void {
  test
    .option(
      "-v, --verbose",
      "-v each test, -vv its calls, -vvv with arguments, results, gas, -vvvv with host functions",
      (_, level: number) => level + 1,
      0,
    )
    .option("--coverage", "count what runs of the contracts: a table, lcov and HTML")
    .option("--profile", "write what each function costs: a flame graph, and a file for speedscope")
    .option("--gas", "print what calls have cost, by contract and method")
    .option("--gas-check", "fail if a method costs more than gas.json says")
    .option("--gas-save", "write gas.json")
    .option("--gas-file <file>", "another file than gas.json")
    .option("--gas-tolerance <percent>", "what --gas-check lets pass; 1 if left out");
}

/** @throws {@link WorkerError} `USAGE` for flags that do not go together. */
export function requestOf(flags: InsightFlags): InsightRequest {
  const {
    verbose = 0,
    coverage = false,
    profile = false,
    gas,
    gasCheck,
    gasSave,
    gasFile,
    gasTolerance,
  } = flags;
  if (gasCheck === true && gasSave === true) throw usage("either --gas-check or --gas-save");
  if (coverage && (gas ?? gasCheck ?? gasSave ?? profile)) {
    throw usage("--coverage changes what calls cost: ask for gas without it");
  }
  return {
    ...(coverage ? { coverage } : {}),
    ...(profile ? { profile } : {}),
    ...(verbose === 0 ? {} : { traceLevel: verbose }),
    ...(gas === undefined ? {} : { gas }),
    ...(gasCheck === undefined ? {} : { gasCheck }),
    ...(gasSave === undefined ? {} : { gasSave }),
    ...(gasFile === undefined ? {} : { gasFile }),
    ...(gasTolerance === undefined ? {} : { gasTolerance: percent(gasTolerance) }),
  };
}

function percent(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0)) throw usage("--gas-tolerance takes a number from 0");
  return value;
}
