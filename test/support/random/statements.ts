/**
 * Random statements: code that leaves the stack as it was, whatever it does in between.
 *
 * @module
 */
import { letters, stores, type Letter } from "#test/support/random/instructions.ts";
import type { FunctionScope } from "#test/support/random/scope.ts";
import type { Values } from "#test/support/random/values.ts";
import {
  add,
  br,
  constant,
  drop,
  get,
  returned,
  set,
  u32,
  unreachable,
  vector,
} from "#test/support/wasm.ts";

const DEPTH_MAX = 5;
const NOP = 0x01;
/** Comparisons under which a counting loop goes on, signed and not, with the variable on either side. */
const COMPARISONS = [
  ...[0x48, 0x49, 0x47].map((opcode) => ({ opcode, isBoundFirst: false })),
  ...[0x4a, 0x4b, 0x47].map((opcode) => ({ opcode, isBoundFirst: true })),
];
/** Where bits of floats are stored. */
const SHOWN = 0x2000;

export class Statements {
  readonly #scope: FunctionScope;
  readonly #values: Values;
  #depth = 0;

  constructor(scope: FunctionScope, values: Values) {
    this.#scope = scope;
    this.#values = values;
  }

  /** As many as are drawn, from `least` on. */
  some(least: number = 1): number[] {
    const { tape } = this.#scope;
    const code: number[] = [];
    for (let count = least + tape.draw(2 * least + 2); count > 0 && !tape.done; count--) {
      code.push(...this.#statement());
    }
    return code;
  }

  #statement(): number[] {
    const { tape } = this.#scope;
    switch (tape.draw(27)) {
      case 0:
      case 1:
        return this.#nested(() => this.#block());
      case 2:
      case 3:
        return this.#nested(() => this.#loop());
      case 4:
        return this.#nested(() => this.#choice());
      case 5:
        return this.#values.leaveIf();
      case 6:
        return this.#leave();
      case 7:
        return this.#table();
      case 8:
      case 9:
        return this.#store();
      case 10:
      case 11:
        return this.#bulk();
      case 12:
      case 13:
        return this.#call();
      case 14:
        return this.#setGlobal();
      case 15:
        return this.#unusual();
      case 16:
      case 17:
        return this.#store();
      case 18:
        return this.#shown();
      case 19:
      case 20:
        return this.#nested(() => this.#counted());
      default:
        return this.#assign(tape.pick(letters));
    }
  }

  #nested(make: () => number[]): number[] {
    if (this.#depth >= DEPTH_MAX) return [NOP];
    this.#depth++;
    const code = make();
    this.#depth--;
    return code;
  }

  #assign(type: Letter): number[] {
    return [...this.#values.value(type), ...this.#kept(type)];
  }

  #setGlobal(): number[] {
    const { tape, world } = this.#scope;
    const type = tape.pick(letters);
    return [...this.#values.value(type), 0x24, ...u32(world.globalOf(type, tape))];
  }

  /** Takes a value from the stack. */
  #kept(type: Letter): number[] {
    return this.#scope.tape.once(5) ? [drop] : set(this.#scope.localOf(type));
  }

  #allKept(types: readonly Letter[]): number[] {
    return types.toReversed().flatMap((type) => this.#kept(type));
  }

  #types(most: number): Letter[] {
    const { tape } = this.#scope;
    return Array.from({ length: tape.draw(most + 1) }, () => tape.pick(letters));
  }

  /** What stands inside a block that takes `params` and gives `results`. */
  #inside(params: readonly Letter[], results: readonly Letter[]): number[] {
    return [...this.#allKept(params), ...this.some(), ...this.#values.all(results)];
  }

  #block(): number[] {
    const [params, results] = [this.#types(2), this.#types(2)];
    const { world } = this.#scope;
    const first = this.#values.all(params);
    const inner = this.#scope.within(results, () => this.#inside(params, results));
    const type = world.blockType(params, results);
    return [...first, 0x02, ...type, ...inner, 0x0b, ...this.#allKept(results)];
  }

  #loop(): number[] {
    const { tape, world } = this.#scope;
    const [params, results] = [this.#types(2), this.#types(1)];
    return this.#scope.counted((counter) => {
      const start = [...constant(1 + tape.draw(4)), ...set(counter), ...this.#values.all(params)];
      const inside = (): number[] => {
        const round = [...this.#allKept(params), ...this.some()];
        const repeat = [...this.#values.all(params), ...this.#values.again(counter), 0x0d, 0];
        return [...round, ...repeat, ...params.map(() => drop), ...this.#values.all(results)];
      };
      const code = this.#scope.within(params, inside, counter);
      const type = world.blockType(params, results);
      return [...start, 0x03, ...type, ...code, 0x0b, ...this.#allKept(results)];
    });
  }

  /** `for (v = from; v < to; v++)` as compilers write it; what is inside may spoil the count in any way. */
  #counted(): number[] {
    const { tape } = this.#scope;
    return this.#scope.counted((counter) => {
      // Anything may be done to a local that is no counter.
      const variable = tape.once(4) ? this.#scope.localOf("i") : counter;
      const from = tape.once(4) ? this.#values.value("i") : constant(tape.draw(5) - 2);
      const local = this.#scope.localOf("i");
      const isConstant = tape.draw(2) === 0;
      const to = constant(tape.draw(9));
      const bound = isConstant ? to : get(local);
      const comparison = tape.pick(COMPARISONS);
      const head = comparison.isBoundFirst
        ? [...bound, ...get(variable)]
        : [...get(variable), ...bound];
      const step = [...get(variable), ...constant(tape.once(8) ? 2 : 1), add, ...set(variable)];
      const inside = (): number[] =>
        tape.draw(3) === 0 ? this.some() : [...this.#store(), ...this.#assign(tape.pick(letters))];
      const body = this.#scope.within([], () => this.#scope.within([], inside));
      const start = isConstant ? [] : [...to, ...set(local)];
      const round = [...head, comparison.opcode, 0x04, 0x40, ...body, ...step, ...br(1), 0x0b];
      return [...start, ...from, ...set(variable), 0x03, 0x40, ...round, 0x0b];
    });
  }

  #choice(): number[] {
    const { tape, world } = this.#scope;
    const params = this.#types(2);
    const hasElse = tape.draw(3) > 0;
    const results = hasElse ? this.#types(2) : params;
    const start = [...this.#values.all(params), ...this.#values.value("i")];
    const branch = (): number[] => this.#scope.within(results, () => this.#inside(params, results));
    const code = [...branch(), ...(hasElse ? [0x05, ...branch()] : [])];
    const type = world.blockType(params, results);
    return [...start, 0x04, ...type, ...code, 0x0b, ...this.#allKept(results)];
  }

  /** A branch or return without condition; behind it, code that is never run. */
  #leave(): number[] {
    const { tape, shape } = this.#scope;
    return this.#sometimes(() => {
      if (tape.once(2)) return [...this.#values.all(shape.results), returned];
      const depth = tape.draw(this.#scope.labels.length);
      const { types, counter } = this.#scope.label(depth);
      if (counter !== undefined && !tape.once(12)) return this.#values.leaveIf();
      return [...this.#values.all(types), ...br(depth), ...this.#dead()];
    });
  }

  /** Puts code that leaves for good under a condition most of the time. */
  #sometimes(make: () => number[]): number[] {
    if (this.#scope.tape.once(5)) return make();
    const condition = this.#values.value("i");
    return [...condition, 0x04, 0x40, ...this.#scope.within([], make), 0x0b];
  }

  /** Code that can only stand where nothing gets to: operands come from nowhere. */
  #dead(): number[] {
    const { tape } = this.#scope;
    return tape.pick([
      [],
      [],
      [0x6a, drop],
      [drop, drop],
      [0x1b, drop],
      [unreachable],
      [0xa0, 0xbd, drop],
    ]);
  }

  /** A branch table over labels that carry the same. */
  #table(): number[] {
    const { tape, labels } = this.#scope;
    return this.#sometimes(() => {
      const { types } = this.#scope.label(tape.draw(labels.length));
      const isLoose = tape.once(12);
      const targets = labels.flatMap((_, depth) => {
        const label = this.#scope.label(depth);
        const fits = label.types.join("") === types.join("");
        return fits && (label.counter === undefined || isLoose) ? [depth] : [];
      });
      if (targets.length === 0) return this.#values.leaveIf();
      const entries = Array.from({ length: tape.draw(4) }, () => u32(tape.pick(targets)));
      const mask = tape.once(3) ? [] : [...constant(3), 0x71];
      const operands = [...this.#values.all(types), ...this.#values.value("i"), ...mask];
      return [...operands, 0x0e, ...vector(entries), ...u32(tape.pick(targets)), ...this.#dead()];
    });
  }

  #store(): number[] {
    const { tape } = this.#scope;
    const type = tape.pick(letters);
    const { opcode, width } = tape.pick(stores[type]);
    return [
      ...this.#values.address(),
      ...this.#values.value(type),
      ...this.#values.access(opcode, width),
    ];
  }

  /** Stores what shows the bits of a float, where nothing else is likely to write. */
  #shown(): number[] {
    const { tape } = this.#scope;
    const place = constant(SHOWN + 8 * tape.draw(32));
    return [...place, ...this.#values.bits(tape.pick(["i", "I", "f", "F"] as const))];
  }

  #bulk(): number[] {
    const { tape, world } = this.#scope;
    const { first, count } = world.passive;
    const segment = u32(first + tape.draw(count));
    const length = (): number[] =>
      tape.once(40)
        ? constant(tape.pick([65_535, 65_536, 65_537, 200_000, -1]))
        : constant(tape.draw(200));
    const to = this.#values.address();
    switch (tape.draw(4)) {
      case 1:
        return [...to, ...this.#values.value("i"), ...length(), 0xfc, 0x0b, 0];
      case 2:
        return tape.once(3) ? [0xfc, 0x09, ...segment] : [NOP];
      case 3:
        return [
          ...to,
          ...constant(tape.draw(3)),
          ...constant(tape.draw(14)),
          0xfc,
          0x08,
          ...segment,
          0,
        ];
      default:
        return [...to, ...this.#values.address(), ...length(), 0xfc, 0x0a, 0, 0];
    }
  }

  #call(): number[] {
    const { tape, world } = this.#scope;
    const index = tape.draw(world.functions.length);
    const results = world.functions[index]?.results ?? [];
    const make = (): number[] => [...this.#values.call(index), ...this.#allKept(results)];
    return this.#values.bounded([], make, () => []);
  }

  /** What every program has little of. */
  #unusual(): number[] {
    const { tape } = this.#scope;
    switch (tape.draw(6)) {
      case 0:
        return [...this.#values.value("i"), 0x04, 0x40, unreachable, 0x0b];
      case 1:
        return tape.once(4) ? [0x03, 0x40, ...br(0), 0x0b] : [NOP];
      case 2:
        return tape.once(6) ? [unreachable] : [NOP];
      case 3:
        return tape.once(4) ? [...this.#values.all(this.#scope.shape.results), returned] : [NOP];
      default:
        return [NOP, NOP];
    }
  }
}
