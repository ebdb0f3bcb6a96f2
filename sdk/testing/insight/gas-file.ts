/**
 * The file that a project commits, so that gas does not rise unnoticed: what each method has cost.
 *
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs";
import { METER_VERSION } from "#host/vm/meter/prices.ts";
import type { GasChange, GasComparison, GasRow } from "#sdk/transform/insight.ts";

type Costs = Pick<GasRow, "calls" | "min" | "median" | "max">;

/** What the file holds; numbers of other prices cannot be compared. */
interface GasFile {
  readonly meterVersion: number;
  readonly contracts: Readonly<Record<string, Readonly<Record<string, Costs>>>>;
}

const MEASURES = ["min", "median", "max"] as const;

/** Writes the file: sorted, and the same text for the same gas. */
export function saveGas(file: string, rows: readonly GasRow[]): void {
  const contracts: Record<string, Record<string, Costs>> = {};
  for (const { contract, method, ...costs } of rows) {
    (contracts[contract] ??= {})[method] = costs;
  }
  const saved: GasFile = { meterVersion: METER_VERSION, contracts };
  writeFileSync(file, `${JSON.stringify(saved, null, 2)}\n`);
}

/**
 * Compares a run with the file.
 *
 * @param name - Of the file, as the user knows it.
 * @param tolerance - Per cent of the old number, by which the new one may differ.
 */
export function compareGas(
  file: string,
  name: string,
  rows: readonly GasRow[],
  tolerance: number,
): GasComparison {
  const saved = readGas(file);
  if (saved === undefined) return incomparable(`${name} is nothing that --gas-save has written`);
  const { meterVersion, contracts } = saved;
  if (meterVersion !== METER_VERSION) return incomparable(`${name} is of other prices`);
  const called = new Set(rows.map(nameOf));
  const missing = Object.entries(contracts).flatMap(([contract, methods]) =>
    Object.keys(methods)
      .map((method) => nameOf({ contract, method }))
      .filter((name) => !called.has(name)),
  );
  const added = rows.filter((row) => contracts[row.contract]?.[row.method] === undefined);
  const changes = rows.flatMap((row) => {
    const before = contracts[row.contract]?.[row.method];
    return before === undefined ? [] : changesOf(row, before, tolerance);
  });
  return {
    dearer: changes.filter(({ before, now }) => now > before),
    cheaper: changes.filter(({ before, now }) => now < before),
    added: added.map(nameOf),
    missing,
  };
}

function incomparable(problem: string): GasComparison {
  return { dearer: [], cheaper: [], added: [], missing: [], problem };
}

function readGas(file: string): GasFile | undefined {
  try {
    const { meterVersion, contracts } = JSON.parse(readFileSync(file, "utf8")) as Partial<GasFile>;
    if (typeof meterVersion === "number" && typeof contracts === "object") {
      return { meterVersion, contracts };
    }
  } catch {
    // Absent, or written by somebody else: told in one way.
  }
  return undefined;
}

function changesOf(row: GasRow, old: Costs, tolerance: number): GasChange[] {
  const { contract, method } = row;
  return MEASURES.filter((of) => Math.abs(row[of] - old[of]) * 100 > tolerance * old[of]).map(
    (of) => ({ contract, method, of, before: old[of], now: row[of] }),
  );
}

function nameOf({ contract, method }: Pick<GasRow, "contract" | "method">): string {
  return `${contract}.${method}`;
}
