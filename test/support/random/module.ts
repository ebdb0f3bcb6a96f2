/**
 * Random modules, valid by construction: every allowed instruction, in any nesting, with any types.
 *
 * What they compute is meaningless, but every engine and every way of counting gas must agree on it. At the
 * end a module writes the results of its functions and all its globals to memory, so nothing stays unseen.
 *
 * @module
 */
import { contractCore, RESULT } from "#test/support/contract.ts";
import {
  constantOf,
  letters,
  stores,
  typeOf,
  type Letter,
} from "#test/support/random/instructions.ts";
import { FunctionScope, type Shape, type World } from "#test/support/random/scope.ts";
import { Statements } from "#test/support/random/statements.ts";
import { Tape } from "#test/support/random/tape.ts";
import { Values } from "#test/support/random/values.ts";
import {
  call,
  constant,
  get,
  section,
  set,
  u32,
  vector,
  type FunctionPart,
} from "#test/support/wasm.ts";

/** Index of the first random function: the contract's own five come before it. */
const FIRST = 5;
/** Where the outcome is written, 8 bytes a value. */
const OUTCOME = 64;
/** Where each function writes its locals. */
const LOCALS = 0x1000;
/** Statements that a function has at least, nested ones not counted. */
const STATEMENTS_MIN = 3;
const DATA_COUNT_SECTION = 12;
const FUNCREF = 0x70;

/** The core module on the tape; its entry is `command`. */
export function randomModule(numbers: readonly number[]): Uint8Array {
  return new ModuleGenerator(new Tape(numbers)).run();
}

class ModuleGenerator implements World {
  readonly first = FIRST;
  readonly functions: readonly Shape[];
  readonly passive: { readonly first: number; readonly count: number };
  readonly #tape: Tape;
  readonly #globals: readonly Letter[];
  readonly #table: readonly number[];
  readonly #types: { params: string; results: string }[] = [];

  constructor(tape: Tape) {
    this.#tape = tape;
    this.passive = { first: tape.draw(2), count: 2 };
    const count = 1 + tape.draw(4);
    this.functions = Array.from({ length: count }, (_, index) => ({
      params: this.#letters(4),
      results: this.#letters(3),
      type: FIRST + index,
    }));
    // The first counts calls and is no one's to set; there is one of each type behind it.
    this.#globals = ["i", "i", "I", "f", "F"];
    this.#table = Array.from({ length: count + tape.draw(3) }, (_, index) => index % (count + 1));
  }

  #letters(most: number): Letter[] {
    return Array.from({ length: this.#tape.draw(most + 1) }, () => this.#tape.pick(letters));
  }

  get tableSize(): number {
    return this.#table.length;
  }

  globalOf(type: Letter): number {
    return this.#globals.lastIndexOf(type);
  }

  entryOf(index: number, tape: Tape): number {
    return tape.once(30) ? tape.draw(this.#table.length + 2) : index;
  }

  blockType(params: readonly Letter[], results: readonly Letter[]): number[] {
    if (params.length === 0 && results.length === 0) return [0x40];
    const [only] = results;
    if (params.length === 0 && results.length === 1 && only !== undefined) return [typeOf[only]];
    const wanted = { params: params.join(""), results: results.join("") };
    const known = this.#types.findIndex(
      (type) => type.params === wanted.params && type.results === wanted.results,
    );
    const index = known >= 0 ? known : this.#types.push(wanted) - 1;
    return signedIndex(FIRST + this.functions.length + index);
  }

  run(): Uint8Array {
    const tape = this.#tape;
    const functions = this.functions.map((shape, index) => this.#function(shape, index));
    const { command, locals } = this.#command();
    const bytes = (): number[] => Array.from({ length: 14 + tape.draw(12) }, () => tape.draw(256));
    const active = [0x00, ...constant(tape.draw(0xff00)), 0x0b, ...counted(bytes())];
    const data = [
      ...Array.from({ length: this.passive.first }, () => active),
      ...Array.from({ length: this.passive.count }, () => [0x01, ...counted(bytes())]),
    ];
    const size = this.#table.length;
    const placed = this.#table.filter((entry) => entry < this.functions.length);
    return contractCore({
      ...{ functions, locals, command, types: this.#types, data },
      table: vector([[FUNCREF, 0x00, ...u32(size)]]),
      elements: [
        [0x00, ...constant(0), 0x0b, ...listed(placed)],
        [0x01, 0x00, ...listed(placed)],
        [0x01, 0x00, ...listed(placed.toReversed())],
        [0x03, 0x00, ...listed(placed)],
      ],
      globals: this.#globals.map((type, index) => {
        const initial = index === 0 ? constant(0) : constantOf(type, tape.draw(20));
        return [typeOf[type], 1, ...initial, 0x0b];
      }),
      memory: tape.draw(2) === 0 ? [0, 1] : [1, 1, 1 + tape.draw(4)],
      extra: new Map([[9, section(DATA_COUNT_SECTION, u32(data.length))]]),
    });
  }

  #function(shape: Shape, index: number): FunctionPart {
    const scope = new FunctionScope(this.#tape, this, shape);
    const values = new Values(scope);
    const code = new Statements(scope, values).some(STATEMENTS_MIN);
    return {
      params: shape.params.join(""),
      results: shape.results.join(""),
      locals: scope.declared.map((type) => [1, typeOf[type]] as const),
      code: [...code, ...this.#shown(scope, index), ...values.all(shape.results)],
    };
  }

  /** Writes the locals of a function to memory, so that what it computed is seen if it gets to its end. */
  #shown({ declared, shape }: FunctionScope, index: number): number[] {
    const locals = [...shape.params, ...declared];
    return locals.flatMap((type, local) => {
      const [store] = stores[type];
      const place = LOCALS + 0x100 * index + 8 * local;
      return [...constant(place), ...get(local), store?.opcode ?? 0, 0, 0];
    });
  }

  /** Calls every function once, from the last to the first, and writes down what comes of it. */
  #command(): { command: number[]; locals: FunctionPart["locals"] } {
    const { functions } = this;
    const results = functions.flatMap((shape) => shape.results);
    // The entry has four parameters of its own.
    const local = (index: number): number => 4 + index;
    let from = results.length;
    const calls = functions.toReversed().flatMap((shape, index) => {
      from -= shape.results.length;
      const args = shape.params.flatMap((type) => constantOf(type, this.#tape.draw(24)));
      const kept = shape.results.map((_, at) => set(local(from + at))).toReversed();
      return [...args, ...call(FIRST + functions.length - 1 - index), ...kept.flat()];
    });
    const written = [...results, ...this.#globals].map((type, index) => {
      const isLocal = index < results.length;
      const value = isLocal ? get(local(index)) : [0x23, ...u32(index - results.length)];
      const [store] = stores[type];
      return [...constant(OUTCOME + 8 * index), ...value, store?.opcode ?? 0, 0, 0];
    });
    const command = [...calls, ...written.flat(), ...constant(RESULT)];
    return { command, locals: results.map((type) => [1, typeOf[type]] as const) };
  }
}

/** The functions of an element segment. */
function listed(functions: readonly number[]): number[] {
  return vector(functions.map((index) => u32(FIRST + index)));
}

function counted(bytes: readonly number[]): number[] {
  return [...u32(bytes.length), ...bytes];
}

/** A type index as a block type: a signed number. */
function signedIndex(index: number): number[] {
  return index < 0x40 ? [index] : [(index & 0x7f) | 0x80, index >> 7];
}
