/**
 * The locals that a rewritten body adds behind the contract's own, each from its first use.
 *
 * @module
 */
import { valueType } from "#host/vm/decode/opcodes.ts";
import type { Writer } from "#host/vm/meter/writer.ts";

/** Ends of the shares of loops that pay before they run, by how many of these are around. */
export const limits = ["limit0", "limit1", "limit2", "limit3"] as const;

/** The locals a rewritten body may add, by purpose. */
export type Spare = "amount" | "f32" | "f64" | (typeof limits)[number];

const types: Readonly<Record<Spare, number>> = {
  amount: valueType.i32,
  limit0: valueType.i32,
  limit1: valueType.i32,
  limit2: valueType.i32,
  limit3: valueType.i32,
  f32: valueType.f32,
  f64: valueType.f64,
};

export class Spares {
  readonly #index = new Map<Spare, number>();
  #first = 0;

  /** Starts another body, whose own locals end before `first`. */
  begin(first: number): void {
    this.#index.clear();
    this.#first = first;
  }

  get count(): number {
    return this.#index.size;
  }

  /** The index of a local, which exists from now on. */
  at(spare: Spare): number {
    const known = this.#index.get(spare);
    if (known !== undefined) return known;
    const index = this.#first + this.#index.size;
    this.#index.set(spare, index);
    return index;
  }

  /** Writes a run of one local for each. */
  write(out: Writer): void {
    for (const spare of this.#index.keys()) out.u32(1).byte(types[spare]);
  }
}
