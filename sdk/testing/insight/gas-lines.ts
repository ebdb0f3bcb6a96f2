/**
 * Gas as lines for people: the table of a run, and what became of it since it was saved.
 *
 * @module
 */
import { tableLines } from "#sdk/testing/insight/table.ts";
import type { GasChange, GasComparison, GasRow } from "#sdk/transform/insight.ts";

const HEAD = ["contract", "method", "calls", "min", "median", "max"];

/** @param rows - One per method. */
export function gasLines(rows: readonly GasRow[]): string[] {
  return tableLines(
    HEAD,
    rows.map(({ contract, method, calls, min, median, max }) => {
      return [contract, method, calls, min, median, max];
    }),
  );
}

/**
 * @param file - As the user knows it.
 * @param tolerance - In per cent.
 */
export function comparisonLines(
  { dearer, cheaper, added, missing, problem }: GasComparison,
  file: string,
  tolerance: number,
): string[] {
  if (problem !== undefined) return [`${problem}: hermetic test --gas-save writes it`];
  const lines = [
    ...changeLines(`dearer than in ${file} by more than ${tolerance} %:`, dearer),
    ...changeLines(`cheaper: hermetic test --gas-save keeps it`, cheaper),
  ];
  if (added.length > 0) lines.push(`not in ${file} yet: ${added.join(", ")}`);
  if (missing.length > 0) lines.push(`in ${file}, and not called: ${missing.join(", ")}`);
  return lines.length === 0 ? [`as in ${file}`] : lines;
}

function changeLines(title: string, changes: readonly GasChange[]): string[] {
  if (changes.length === 0) return [];
  const rows = changes.map(({ contract, method, of, before, now }) => {
    return [contract, method, of, before, now, change(before, now)];
  });
  const table = tableLines(["contract", "method", "of", "before", "now", "change"], rows);
  return [title, ...table.map((line) => `  ${line}`)];
}

function change(before: number, now: number): string {
  const percent = ((now - before) / Math.max(1, before)) * 100;
  return `${percent > 0 ? "+" : ""}${percent.toFixed(1)} %`;
}
