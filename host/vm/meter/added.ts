/**
 * What metering adds to a module behind the contract's own: functions, and globals that hold the canonical NaNs.
 *
 * Each is made when it is first asked for, so that nobody carries what he does not use.
 *
 * @module
 */
import { op, valueType } from "#host/vm/decode/opcodes.ts";
import type { Types } from "#host/vm/meter/types.ts";
import { Writer } from "#host/vm/meter/writer.ts";

const NAN = {
  f32: [valueType.f32, 0, op.f32Const, 0x00, 0x00, 0xc0, 0x7f, op.end],
  f64: [valueType.f64, 0, op.f64Const, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f, op.end],
} as const;

export class Added {
  /** Type index and body of each function. */
  readonly functionTypes: number[] = [];
  readonly bodies: Uint8Array[] = [];
  /** Definitions of the globals. */
  readonly globals: (readonly number[])[] = [];
  readonly #types: Types;
  readonly #firstFunction: number;
  readonly #firstGlobal: number;
  readonly #made = new Map<string, number>();

  /** @param firstFunction - How many functions there are without these. @param firstGlobal - How many globals. */
  constructor(types: Types, firstFunction: number, firstGlobal: number) {
    this.#types = types;
    this.#firstFunction = firstFunction;
    this.#firstGlobal = firstGlobal;
  }

  /**
   * Adds a function and returns its index.
   *
   * @param locals - Its local declarations, encoded. Without them it has none.
   * @param code - Its code but for the last `end`.
   */
  add(type: number, code: Writer, locals: readonly number[] = [0]): number {
    const body = new Writer().bytes(...locals).copy(code.view());
    this.bodies.push(body.byte(op.end).view().slice());
    return this.#firstFunction + this.functionTypes.push(type) - 1;
  }

  /** The index of the function of this name, which takes and gives what it says. */
  named(
    name: string,
    params: readonly number[],
    results: readonly number[],
    write: (code: Writer, typeOf: Types["of"]) => void,
  ): number {
    const known = this.#made.get(name);
    if (known !== undefined) return known;
    const code = new Writer();
    write(code, (takes, gives) => this.#types.of(takes, gives));
    const index = this.add(this.#types.of(params, results), code);
    this.#made.set(name, index);
    return index;
  }

  /** The index of the global that holds the canonical NaN. */
  nan(type: "f32" | "f64"): number {
    const known = this.#made.get(type);
    if (known !== undefined) return known;
    const index = this.#firstGlobal + this.globals.push(NAN[type]) - 1;
    this.#made.set(type, index);
    return index;
  }
}
