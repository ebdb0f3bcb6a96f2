/**
 * Random expressions: code that leaves exactly one value of a type.
 *
 * What traps is guarded most of the time, so that a program gets far enough to be worth running.
 *
 * @module
 */
import type { FunctionScope } from "#test/support/random/scope.ts";
import {
  constantOf,
  copiesSign,
  divides,
  encoded,
  loads,
  NAN_EDGES,
  operationsOf,
  stores,
  truncates,
  type Letter,
  type Operation,
} from "#test/support/random/instructions.ts";
import {
  add,
  brIf,
  call,
  constant,
  drop,
  get,
  set,
  sub,
  tee,
  u32,
  unreachable,
} from "#test/support/wasm.ts";

const DEPTH_MAX = 4;
/** How often what could trap is left unguarded: once in so many. */
const UNGUARDED = 40;
const CALLS_MAX = 12;
const GLOBAL_GET = 0x23;
const GLOBAL_SET = 0x24;
const LESS = 0x48;
const GREATER = 0x4a;

/** The global that counts calls, so that recursion ends. */
const CALLS_GLOBAL = 0;

export class Values {
  readonly #scope: FunctionScope;
  #depth = 0;

  constructor(scope: FunctionScope) {
    this.#scope = scope;
  }

  /** One value after the other. */
  all(types: readonly Letter[]): number[] {
    return types.flatMap((type) => this.value(type));
  }

  value(type: Letter): number[] {
    const { tape } = this.#scope;
    if (this.#depth >= DEPTH_MAX || tape.done) return this.leaf(type);
    this.#depth++;
    const code = this.#compound(type);
    this.#depth--;
    return code;
  }

  /** A local, a global or a constant. */
  leaf(type: Letter): number[] {
    const { tape, world } = this.#scope;
    const kind = tape.draw(6);
    if (kind <= 2) return get(this.#scope.localOf(type));
    if (kind === 3) return [GLOBAL_GET, ...u32(world.globalOf(type, tape))];
    return constantOf(type, tape.draw(24));
  }

  #compound(type: Letter): number[] {
    const { tape } = this.#scope;
    switch (tape.draw(14)) {
      case 0:
        return this.leaf(type);
      case 1:
      case 2:
        return this.#load(type);
      case 3:
        return this.#block(type);
      case 4:
        return this.#choice(type);
      case 5:
        return [...this.value(type), ...this.value(type), ...this.value("i"), 0x1b];
      case 6:
        return [...this.value(type), ...tee(this.#scope.localOf(type))];
      case 7:
        return this.#called(type);
      case 8:
        return type === "i" ? this.#pages() : this.#operation(type);
      default:
        return this.#operation(type);
    }
  }

  #operation(type: Letter): number[] {
    const { tape } = this.#scope;
    const operation = tape.pick(operationsOf[type]);
    const { opcode, operands } = operation;
    if (divides(opcode)) return this.#division(operation);
    if (copiesSign(opcode)) return this.#copysign(operation);
    if (truncates(opcode) && !tape.once(UNGUARDED)) return this.#truncation(operation);
    return [...this.all(operands), ...encoded(opcode)];
  }

  #division({ opcode, result }: Operation): number[] {
    const one = result === "i" ? [...constant(1), 0x72] : [0x42, 1, 0x84];
    const guard = this.#scope.tape.once(UNGUARDED) ? [] : one;
    return [...this.value(result), ...this.value(result), ...guard, opcode];
  }

  /** The sign of a NaN is what engines differ in, so one is taken often. */
  #copysign({ opcode, result }: Operation): number[] {
    const sign = this.#scope.tape.once(3) ? this.#nan([result]) : this.value(result);
    return [...this.value(result), ...sign, opcode];
  }

  /** Code that stores the bits of a float, by a reinterpretation or with the sign copied; often of a NaN. */
  bits(type: Letter): number[] {
    const isNan = this.#scope.tape.draw(2) === 0;
    const float = (of: Letter): number[] => (isNan ? this.#nan([of]) : this.value(of));
    const [store] = stores[type];
    const access = [store?.opcode ?? 0, 0, 0];
    if (type === "i") return [...float("f"), 0xbc, ...access];
    if (type === "I") return [...float("F"), 0xbd, ...access];
    return [...this.value(type), ...float(type), type === "f" ? 0x98 : 0xa6, ...access];
  }

  /** NaN of any kind. */
  #nan(types: readonly Letter[]): number[] {
    return types.flatMap((type) => constantOf(type, NAN_EDGES + this.#scope.tape.draw(4)));
  }

  /** Truncates what fits into every integer type. */
  #truncation({ opcode, operands }: Operation): number[] {
    const [convert, half] =
      operands[0] === "f" ? [0xb3, constantOf("f", 2)] : [0xb8, constantOf("F", 2)];
    const small = [...this.value("i"), ...constant(0xffff), 0x71, convert];
    return [...small, ...half, operands[0] === "f" ? 0x92 : 0xa0, opcode];
  }

  /** An address, mostly inside the first page. */
  address(): number[] {
    const any = this.value("i");
    return this.#scope.tape.once(2 * UNGUARDED) ? any : [...any, ...constant(0xffe0), 0x71];
  }

  /** Alignment and offset of a memory access. */
  access(opcode: number, width: number): number[] {
    const { tape } = this.#scope;
    const offset = tape.once(150) ? tape.pick([0xffe0, 0x10000, 0xffff_ffff]) : tape.draw(16);
    return [opcode, tape.draw(width + 1), ...u32(offset)];
  }

  #load(type: Letter): number[] {
    const { opcode, width } = this.#scope.tape.pick(loads[type]);
    return [...this.address(), ...this.access(opcode, width)];
  }

  /** A block that is left early with the value or runs to its end, over operands that wait outside. */
  #block(type: Letter): number[] {
    const { tape, world } = this.#scope;
    if (tape.once(3)) return this.#repeated(type);
    const inner = this.#scope.within([type], () => {
      const early = [...this.value(type), ...this.value("i"), ...brIf(0), drop];
      const further = tape.draw(2) === 0 ? this.leaveIf() : [];
      return [...early, ...further, ...this.value(type)];
    });
    return [0x02, ...world.blockType([], [type]), ...inner, 0x0b];
  }

  /** A loop that takes a value, works on it and hands it on to its next round. */
  #repeated(type: Letter): number[] {
    const { tape, world } = this.#scope;
    const unary = operationsOf[type].filter(
      ({ operands }) => operands.length === 1 && operands[0] === type,
    );
    return this.#scope.counted((counter) => {
      const rounds = [...constant(1 + tape.draw(3)), ...set(counter)];
      const work = [...get(counter), ...constant(1), sub, ...tee(counter), ...brIf(0)];
      const inner = [...encoded(tape.pick(unary).opcode), ...work];
      const start = this.value(type);
      return [...rounds, ...start, 0x03, ...world.blockType([type], [type]), ...inner, 0x0b];
    });
  }

  /** Leaves to some label if a condition holds; leaves nothing on the stack if not. */
  leaveIf(): number[] {
    const { labels, tape } = this.#scope;
    const depth = tape.draw(labels.length);
    const { types, counter } = this.#scope.label(depth);
    const kept = this.all(types);
    const dropped = types.map(() => drop);
    if (counter === undefined) return [...kept, ...this.value("i"), ...brIf(depth), ...dropped];
    return [...kept, ...this.again(counter), ...brIf(depth), ...dropped];
  }

  /** Whether a loop has rounds left, counted down. */
  again(counter: number): number[] {
    if (this.#scope.tape.once(12)) return this.value("i");
    return [...get(counter), ...constant(1), sub, ...tee(counter), ...constant(0), GREATER];
  }

  #choice(type: Letter): number[] {
    const { world, tape } = this.#scope;
    const condition = this.value("i");
    const branch = (): number[] => this.#scope.within([type], () => this.value(type));
    const [one, other] = [branch(), branch()];
    const dead = tape.once(60) ? [unreachable] : [];
    return [
      ...condition,
      0x04,
      ...world.blockType([], [type]),
      ...dead,
      ...one,
      0x05,
      ...other,
      0x0b,
    ];
  }

  /** A call of a function that gives just this type, if there is one. */
  #called(type: Letter): number[] {
    const { world, tape } = this.#scope;
    const fitting = world.functions.flatMap(({ results }, index) =>
      results.length === 1 && results[0] === type ? [index] : [],
    );
    if (fitting.length === 0) return this.leaf(type);
    const index = tape.pick(fitting);
    return this.bounded(
      [type],
      () => this.call(index),
      () => this.leaf(type),
    );
  }

  /** A call, direct or through the table, with arguments. */
  call(index: number): number[] {
    const { world, tape } = this.#scope;
    const { params, type } = world.functions[index] ?? { params: [], type: 0 };
    const args = this.all(params);
    if (tape.draw(2) === 0) return [...args, ...call(world.first + index)];
    const entry = tape.once(10) ? this.value("i") : constant(world.entryOf(index, tape));
    return [...args, ...entry, 0x11, ...u32(type), 0x00];
  }

  /** Runs what `make` makes while calls are few, else what `otherwise` does. Rarely there is no bound. */
  bounded(results: readonly Letter[], make: () => number[], otherwise: () => number[]): number[] {
    const { world, tape } = this.#scope;
    if (tape.once(16)) return make();
    const count = [GLOBAL_GET, CALLS_GLOBAL, ...constant(1), add, GLOBAL_SET, CALLS_GLOBAL];
    const few = [GLOBAL_GET, CALLS_GLOBAL, ...constant(CALLS_MAX), LESS];
    const [taken, not] = [make, otherwise].map((code) => this.#scope.within(results, code));
    const inner = [...count, ...(taken ?? []), 0x05, ...(not ?? [])];
    return [...few, 0x04, ...world.blockType([], results), ...inner, 0x0b];
  }

  #pages(): number[] {
    const { tape } = this.#scope;
    if (tape.draw(3) > 0) return [0x3f, 0x00];
    return [...(tape.once(8) ? this.value("i") : constant(tape.draw(3))), 0x40, 0x00];
  }
}
