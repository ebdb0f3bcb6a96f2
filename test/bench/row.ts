/**
 * One measured line: a value, what it is compared with, and the bound it must keep.
 *
 * @module
 */
export interface Row {
  readonly name: string;
  /** What the line is about, where many are measured alike: they print as a table, a line for each. */
  readonly subject?: string;
  readonly value: number;
  readonly unit: "µs" | "ms" | "/s" | "MB/s" | "×";
  /** What the product promises; absent for lines that only inform. */
  readonly bound?: { readonly kind: "at most" | "at least"; readonly value: number };
}

export function keepsBound(row: Row): boolean {
  if (row.bound === undefined) return true;
  const { kind, value } = row.bound;
  return kind === "at most" ? row.value <= value : row.value >= value;
}

/** The value to three digits. */
export function valueOf({ value }: Row): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** Whether the bound is kept, in words; empty without one. */
export function verdictOf(row: Row): string {
  if (row.bound === undefined) return "";
  return keepsBound(row) ? "met" : "not met";
}

export function boundOf({ bound }: Row): string {
  return bound === undefined ? "" : `${bound.kind} ${bound.value}`;
}

export function formatRow(row: Row): string {
  const bound = boundOf(row).padEnd(16);
  const value = `${valueOf(row).padStart(9)} ${row.unit.padEnd(4)}`;
  return `${row.name.padEnd(58)} ${value} ${bound} ${verdictOf(row)}`.trimEnd();
}
