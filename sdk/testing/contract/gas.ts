/**
 * `world.gas`: what calls have cost, by contract and method.
 *
 * @module
 */

export interface GasRow {
  readonly contract: string;
  readonly method: string;
  readonly calls: number;
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export class GasTable {
  readonly #used = new Map<string, number[]>();

  record(contract: string, method: string, gasUsed: number): void {
    const key = `${contract}\n${method}`;
    const list = this.#used.get(key);
    if (list === undefined) this.#used.set(key, [gasUsed]);
    else list.push(gasUsed);
  }

  /** One row per method, by contract and method. */
  rows(): readonly GasRow[] {
    return [...this.#used]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, used]) => {
        const [contract = "", method = ""] = key.split("\n");
        const sorted = used.toSorted((a, b) => a - b);
        const at = (index: number): number => sorted[index] ?? 0;
        const median = at(Math.floor((sorted.length - 1) / 2));
        return {
          contract,
          method,
          calls: used.length,
          min: at(0),
          median,
          max: at(used.length - 1),
        };
      });
  }

  /** The rows as a table for people. */
  toString(): string {
    const head = ["contract", "method", "calls", "min", "median", "max"];
    const rows = this.rows().map((row) => Object.values(row).map(String));
    const widths = head.map((name, i) =>
      Math.max(name.length, ...rows.map((row) => row[i]?.length ?? 0)),
    );
    const line = (cells: readonly string[]): string =>
      cells
        .map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join("  ")
        .trimEnd();
    return [head, ...rows].map(line).join("\n");
  }
}
