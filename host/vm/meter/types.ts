/**
 * The function types of the metered module: the contract's own, as they were, and behind them those that metering adds.
 *
 * @module
 */
import type { FunctionType } from "#host/vm/decode/module.ts";
import { EMPTY_BLOCK, FUNCTION_TYPE, valueType } from "#host/vm/decode/opcodes.ts";
import { Writer } from "#host/vm/meter/writer.ts";

export class Types {
  readonly #types: FunctionType[];
  readonly #known = new Map<string, number>();
  /** By type: the one that takes gas, and the one that takes stack as well. */
  readonly #withGas: number[] = [];
  readonly #withStack: number[] = [];

  constructor(own: readonly FunctionType[]) {
    this.#types = [...own];
  }

  at(index: number): FunctionType {
    return this.#types[index] ?? { params: [], results: [] };
  }

  /**
   * The type of a function that takes the gas counter behind its parameters and gives it back behind its
   * results; if it takes stack too, that comes last. Different types stay different.
   */
  spending(index: number, takesStack: boolean): number {
    const made = takesStack ? this.#withStack : this.#withGas;
    const known = made[index];
    if (known !== undefined) return known;
    const { params, results } = this.at(index);
    const added = takesStack ? [valueType.i64, valueType.i32] : [valueType.i64];
    const type = this.of([...params, ...added], [...results, valueType.i64]);
    made[index] = type;
    return type;
  }

  /** The type of a function that takes and gives these. */
  of(params: readonly number[], results: readonly number[]): number {
    const key = `${params.join()}:${results.join()}`;
    const index = this.#known.get(key) ?? this.#types.push({ params, results }) - 1;
    this.#known.set(key, index);
    return index;
  }

  /** A block type, as encoded bytes. */
  block(params: readonly number[], results: readonly number[]): readonly number[] {
    const [first] = results;
    if (params.length === 0 && first === undefined) return [EMPTY_BLOCK];
    if (params.length === 0 && first !== undefined && results.length === 1) return [first];
    return [...new Writer().signed(this.of(params, results)).view()];
  }

  write(out: Writer): void {
    out.u32(this.#types.length);
    for (const { params, results } of this.#types) {
      out
        .byte(FUNCTION_TYPE)
        .u32(params.length)
        .bytes(...params);
      out.u32(results.length).bytes(...results);
    }
  }
}
