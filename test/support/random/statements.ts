/**
 * Random statements: code that leaves the stack as it was, whatever it does in between.
 *
 * @module
 */
import { letters, type Letter } from "#test/support/random/instructions.ts";
import { countedLoop } from "#test/support/random/counted.ts";
import { Effects } from "#test/support/random/effects.ts";
import type { FunctionScope } from "#test/support/random/scope.ts";
import type { Values } from "#test/support/random/values.ts";
import { br, constant, drop, returned, set, u32, unreachable, vector } from "#test/support/wasm.ts";

const DEPTH_MAX = 5;
const NOP = 0x01;

export class Statements {
  readonly #scope: FunctionScope;
  readonly #values: Values;
  readonly #effects: Effects;
  #depth = 0;

  constructor(scope: FunctionScope, values: Values) {
    this.#scope = scope;
    this.#values = values;
    this.#effects = new Effects(scope, values);
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
    switch (tape.draw(28)) {
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
        return this.#effects.store();
      case 10:
      case 11:
        return this.#effects.bulk();
      case 12:
      case 13:
        return this.#call();
      case 14:
        return this.#effects.setGlobal();
      case 15:
        return this.#unusual();
      case 16:
      case 17:
        return this.#effects.store();
      case 18:
        return this.#effects.shown();
      case 21:
        return this.#effects.table();
      case 19:
      case 20:
        return this.#nested(() =>
          countedLoop({ scope: this.#scope, values: this.#values, effects: this.#effects }, () =>
            this.some(),
          ),
        );
      default:
        return this.#effects.assign(tape.pick(letters));
    }
  }

  #nested(make: () => number[]): number[] {
    if (this.#depth >= DEPTH_MAX) return [NOP];
    this.#depth++;
    const code = make();
    this.#depth--;
    return code;
  }

  #types(most: number): Letter[] {
    const { tape } = this.#scope;
    return Array.from({ length: tape.draw(most + 1) }, () => tape.pick(letters));
  }

  /** What stands inside a block that takes `params` and gives `results`. */
  #inside(params: readonly Letter[], results: readonly Letter[]): number[] {
    return [...this.#effects.allKept(params), ...this.some(), ...this.#values.all(results)];
  }

  #block(): number[] {
    const [params, results] = [this.#types(2), this.#types(2)];
    const { world } = this.#scope;
    const first = this.#values.all(params);
    const inner = this.#scope.within(results, () => this.#inside(params, results));
    const type = world.blockType(params, results);
    return [...first, 0x02, ...type, ...inner, 0x0b, ...this.#effects.allKept(results)];
  }

  #loop(): number[] {
    const { tape, world } = this.#scope;
    const [params, results] = [this.#types(2), this.#types(1)];
    return this.#scope.counted((counter) => {
      const start = [...constant(1 + tape.draw(4)), ...set(counter), ...this.#values.all(params)];
      const inside = (): number[] => {
        const round = [...this.#effects.allKept(params), ...this.some()];
        const repeat = [...this.#values.all(params), ...this.#values.again(counter), 0x0d, 0];
        return [...round, ...repeat, ...params.map(() => drop), ...this.#values.all(results)];
      };
      const code = this.#scope.within(params, inside, counter);
      const type = world.blockType(params, results);
      return [...start, 0x03, ...type, ...code, 0x0b, ...this.#effects.allKept(results)];
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
    return [...start, 0x04, ...type, ...code, 0x0b, ...this.#effects.allKept(results)];
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

  #call(): number[] {
    const { tape, world } = this.#scope;
    const index = tape.draw(world.functions.length);
    const results = world.functions[index]?.results ?? [];
    const make = (): number[] => [...this.#values.call(index), ...this.#effects.allKept(results)];
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
