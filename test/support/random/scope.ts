/**
 * What random code of one function can name: its locals and labels, and the module around it.
 *
 * @module
 */
import { letters, type Letter } from "#test/support/random/instructions.ts";
import type { Tape } from "#test/support/random/tape.ts";

export interface Shape {
  readonly params: readonly Letter[];
  readonly results: readonly Letter[];
  /** Index of its function type. */
  readonly type: number;
}

/** The module that the functions stand in. */
export interface World {
  readonly functions: readonly Shape[];
  /** Index of the first of them. */
  readonly first: number;
  /** Passive data segments, by index from the first one on. */
  readonly passive: { readonly first: number; readonly count: number };
  globalOf(type: Letter, tape: Tape): number;
  /** Entries of the table. */
  readonly tableSize: number;
  /** A place of the table where a function stands; sometimes another or none. */
  entryOf(index: number, tape: Tape): number;
  /** The encoded type of a block. */
  blockType(params: readonly Letter[], results: readonly Letter[]): number[];
}

export interface Label {
  /** What a branch to it carries. */
  readonly types: readonly Letter[];
  /** Of a loop: the local that counts its rounds. */
  readonly counter: number | undefined;
}

const COUNTERS = 8;

export class FunctionScope {
  readonly tape: Tape;
  readonly world: World;
  readonly shape: Shape;
  readonly labels: Label[];
  /** Types of the locals that are not parameters, counters last. */
  readonly declared: readonly Letter[];
  readonly #byType: Readonly<Record<Letter, readonly number[]>>;
  readonly #firstCounter: number;
  #counters = 0;

  constructor(tape: Tape, world: World, shape: Shape) {
    this.tape = tape;
    this.world = world;
    this.shape = shape;
    this.labels = [{ types: shape.results, counter: undefined }];
    const plain = [...letters, ...Array.from({ length: tape.draw(6) }, () => tape.pick(letters))];
    this.declared = [...plain, ...Array.from({ length: COUNTERS }, () => "i" as const)];
    const locals = [...shape.params, ...plain];
    this.#firstCounter = locals.length;
    const of = (type: Letter): number[] =>
      locals.flatMap((one, index) => (one === type ? [index] : []));
    this.#byType = { i: of("i"), I: of("I"), f: of("f"), F: of("F") };
  }

  /** A local of the type that is no counter. */
  localOf(type: Letter): number {
    return this.tape.pick(this.#byType[type]);
  }

  label(depth: number): Label {
    const label = this.labels.at(-1 - depth);
    if (label === undefined) throw new RangeError("no such label");
    return label;
  }

  /** Makes code inside a block whose label takes `types`. */
  within(types: readonly Letter[], inner: () => number[], counter?: number): number[] {
    this.labels.push({ types, counter });
    const code = inner();
    this.labels.pop();
    return code;
  }

  /** Makes code that has a counter for itself; deep down they are shared, and loops may take longer. */
  counted(inner: (counter: number) => number[]): number[] {
    const counter = this.#firstCounter + (this.#counters++ % COUNTERS);
    const code = inner(counter);
    this.#counters--;
    return code;
  }
}
