/**
 * Random loops of the shape that compilers give to `for (v = from; v < to; v++)`: meters may know how often
 * they run, and must not be wrong.
 *
 * @module
 */
import type { Effects } from "#test/support/random/effects.ts";
import type { FunctionScope } from "#test/support/random/scope.ts";
import type { Values } from "#test/support/random/values.ts";
import { add, br, constant, get, set, when } from "#test/support/wasm.ts";

const AND = 0x71;
/** Comparisons under which a counting loop goes on, signed and not, with the variable on either side. */
const COMPARISONS = [
  ...[0x48, 0x49, 0x47].map((opcode) => ({ opcode, isBoundFirst: false })),
  ...[0x4a, 0x4b, 0x47].map((opcode) => ({ opcode, isBoundFirst: true })),
];

interface Parts {
  readonly scope: FunctionScope;
  readonly values: Values;
  readonly effects: Effects;
}

/** One such loop; what is inside, `some` statements at times, may spoil the count in any way. */
export function countedLoop({ scope, values, effects }: Parts, some: () => number[]): number[] {
  const { tape } = scope;
  return scope.counted((counter) => {
    // Anything may be done to a local that is no counter, most of which never ends; a jump ahead does.
    const variable = tape.once(4) ? scope.localOf("i") : counter;
    const jump = (): number[] => {
      if (!tape.once(6)) return [];
      const ahead = [...get(variable), ...constant(1 + tape.draw(3)), add, ...set(variable)];
      return [...values.leaf("i"), ...constant(1), AND, ...when(ahead)];
    };
    const from = tape.once(4) ? values.value("i") : constant(tape.draw(5) - 2);
    const local = scope.localOf("i");
    const isConstant = tape.draw(2) === 0;
    const to = constant(tape.draw(9));
    const bound = isConstant ? to : get(local);
    const comparison = tape.pick(COMPARISONS);
    const head = comparison.isBoundFirst
      ? [...bound, ...get(variable)]
      : [...get(variable), ...bound];
    const step = [...get(variable), ...constant(tape.once(8) ? 2 : 1), add, ...set(variable)];
    const inside = (): number[] => {
      const sum = [...values.leaf("I"), ...values.leaf("I"), 0x7c, ...effects.kept("I")];
      return tape.draw(3) === 0 ? some() : sum;
    };
    const spoilt = (): number[] => [...inside(), ...jump()];
    const body = scope.within([], () => scope.within([], spoilt));
    const start = isConstant ? [] : [...to, ...set(local)];
    const round = [...head, comparison.opcode, 0x04, 0x40, ...body, ...step, ...br(1), 0x0b];
    return [...start, ...from, ...set(variable), 0x03, 0x40, ...round, 0x0b];
  });
}
