/**
 * One measured line: a value, what it is compared with, and the bound it must keep.
 *
 * @module
 */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: "µs" | "ms" | "/s" | "×";
  /** What the product promises; absent for lines that only inform. */
  readonly bound?: { readonly kind: "at most" | "at least"; readonly value: number };
}

export function keepsBound(row: Row): boolean {
  if (row.bound === undefined) return true;
  const { kind, value } = row.bound;
  return kind === "at most" ? row.value <= value : row.value >= value;
}

export function formatRow(row: Row): string {
  const value = row.value >= 100 ? row.value.toFixed(0) : row.value.toPrecision(3);
  const bound = row.bound === undefined ? "" : `${row.bound.kind} ${row.bound.value}`;
  const verdict = row.bound === undefined ? " " : keepsBound(row) ? "ok" : "MISSED";
  return `${row.name.padEnd(58)} ${value.padStart(9)} ${row.unit.padEnd(3)} ${bound.padEnd(16)} ${verdict}`;
}
