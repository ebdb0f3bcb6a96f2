/**
 * `world.gas`: what calls have cost, by contract and method.
 *
 * @module
 */
import { gasLines } from "#sdk/testing/insight/gas-lines.ts";
import type { GasRow } from "#sdk/transform/insight.ts";

/** What one call used. */
export interface SpentGas {
  readonly contract: string;
  readonly method: string;
  readonly gasUsed: number;
}

export class GasTable {
  /** Every call in the order in which they ended. */
  readonly spent: SpentGas[] = [];
  readonly #used = new Map<string, number[]>();

  record(contract: string, method: string, gasUsed: number): void {
    this.spent.push({ contract, method, gasUsed });
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
    return gasLines(this.rows()).join("\n");
  }
}
