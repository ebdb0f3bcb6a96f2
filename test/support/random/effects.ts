/**
 * Random statements without control flow: what they do is to locals, globals and memory.
 *
 * @module
 */
import { letters, stores, type Letter } from "#test/support/random/instructions.ts";
import type { FunctionScope } from "#test/support/random/scope.ts";
import type { Values } from "#test/support/random/values.ts";
import { constant, drop, set, u32 } from "#test/support/wasm.ts";

const NOP = 0x01;
/** The element segment that holds what the table begins with. */
const PASSIVE = 1;
/** Where bits of floats are stored. */
const SHOWN = 0x2000;

export class Effects {
  readonly #scope: FunctionScope;
  readonly #values: Values;

  constructor(scope: FunctionScope, values: Values) {
    this.#scope = scope;
    this.#values = values;
  }

  assign(type: Letter): number[] {
    return [...this.#values.value(type), ...this.kept(type)];
  }

  setGlobal(): number[] {
    const { tape, world } = this.#scope;
    const type = tape.pick(letters);
    return [...this.#values.value(type), 0x24, ...u32(world.globalOf(type, tape))];
  }

  /** Takes a value from the stack. */
  kept(type: Letter): number[] {
    return this.#scope.tape.once(5) ? [drop] : set(this.#scope.localOf(type));
  }

  allKept(types: readonly Letter[]): number[] {
    return types.toReversed().flatMap((type) => this.kept(type));
  }

  store(): number[] {
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
  shown(): number[] {
    const { tape } = this.#scope;
    const place = constant(SHOWN + 8 * tape.draw(32));
    return [...place, ...this.#values.bits(tape.pick(["i", "I", "f", "F"] as const))];
  }

  /** Writes the table: mostly what stands there already, or where nothing is called. */
  table(): number[] {
    const { tape, world } = this.#scope;
    const { length } = world.functions;
    const place = (): number[] => constant(tape.draw(world.tableSize + 1));
    const [first, count] = [tape.draw(length), tape.once(40) ? 0xffff_ffff : tape.draw(length + 1)];
    const same = [
      ...constant(first),
      ...constant(first),
      ...constant(Math.min(count, length - first)),
    ];
    const operands = tape.once(8) ? [...place(), ...place(), ...constant(count)] : same;
    const segment = tape.once(10) ? tape.draw(4) : PASSIVE;
    switch (tape.draw(5)) {
      case 0:
        return tape.once(6) ? [0xfc, 0x0d, segment] : [NOP];
      case 1:
        return [...constant(0), ...constant(0), ...constant(0), 0xfc, 0x0c, segment, 0];
      case 2:
        return [...operands, 0xfc, 0x0c, segment, 0];
      default:
        return [...operands, 0xfc, 0x0e, 0, 0];
    }
  }

  bulk(): number[] {
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
}
