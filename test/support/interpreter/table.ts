/**
 * The table of the reference interpreter, and the instructions that write it.
 *
 * @module
 */
import type { ElementSegment } from "#test/support/interpreter/module.ts";
import type { Operands } from "#test/support/interpreter/memory-instructions.ts";
import { Trapped } from "#test/support/interpreter/values.ts";

export class Table {
  readonly #entries: (number | undefined)[];
  readonly #segments: readonly ElementSegment[];
  readonly #machine: Operands;
  readonly #dropped = new Set<number>();

  /** Writes the active segments; these and the declared ones are dropped by that. */
  constructor(size: number, segments: readonly ElementSegment[], machine: Operands) {
    this.#entries = Array.from({ length: size }, () => undefined);
    this.#segments = segments;
    this.#machine = machine;
    for (const [index, { start, isDeclared, functions }] of segments.entries()) {
      if (start !== undefined) this.#write(start, functions);
      if (start !== undefined || isDeclared) this.#dropped.add(index);
    }
  }

  /** The function at an entry. */
  at(entry: number): number {
    if (entry >= this.#entries.length) throw new Trapped("TRAP", "undefined element");
    const callee = this.#entries[entry];
    if (callee === undefined) throw new Trapped("TRAP", "uninitialized element");
    return callee;
  }

  /** Runs `table.init`, `elem.drop` or `table.copy`. @param segment - Of the first two. */
  run(opcode: number, segment: number): void {
    if (opcode === 0xfc0d) {
      this.#dropped.add(segment);
      return;
    }
    const length = this.#unsigned();
    this.#machine.gas.entries(length);
    const source = this.#unsigned();
    const target = this.#unsigned();
    const from = opcode === 0xfc0e ? this.#entries : this.#functions(segment);
    if (source + length > from.length || target + length > this.#entries.length) {
      throw new Trapped("TRAP", "out of bounds table access");
    }
    this.#write(target, from.slice(source, source + length));
  }

  /** A segment that was dropped is empty. */
  #functions(segment: number): readonly number[] {
    return this.#dropped.has(segment) ? [] : (this.#segments[segment]?.functions ?? []);
  }

  #write(start: number, functions: readonly (number | undefined)[]): void {
    for (const [index, callee] of functions.entries()) this.#entries[start + index] = callee;
  }

  #unsigned(): number {
    return (this.#machine.pop() as number) >>> 0; // the module is valid
  }
}
