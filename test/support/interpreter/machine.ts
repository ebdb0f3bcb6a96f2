/**
 * The reference interpreter: a core module executed instruction by instruction, gas and stack by the SPEC.
 *
 * Slow and plain on purpose; it keeps its own stack of frames, so no contract can exhaust the host's.
 *
 * @module
 */
import { STACK_BYTES_MAX } from "#protocol/limits.ts";
import type { CoreModule } from "#host/vm/decode/module.ts";
import { Gas, priceOf } from "#test/support/interpreter/gas.ts";
import { Memory } from "#test/support/interpreter/memory.ts";
import { readProgram, type Code, type Program } from "#test/support/interpreter/module.ts";
import { numeric } from "#test/support/interpreter/numeric.ts";
import { blockArity, guardedBytes, sameType } from "#test/support/interpreter/stack.ts";
import { Trapped, type TrapKind, type Value } from "#test/support/interpreter/values.ts";

export interface Outcome {
  readonly end: "returned" | TrapKind;
  readonly results: readonly Value[];
  readonly gas: number;
  readonly memory: Uint8Array;
  /** Stack bytes left; below zero by what the frame lacked after `STACK_OVERFLOW`. */
  readonly stack: number;
}

/** A label: where a branch to it goes on, the height it cuts operands back to, and how many it keeps. */
interface Label {
  readonly next: number;
  readonly height: number;
  readonly arity: number;
}

interface Frame {
  readonly code: Code;
  readonly bytes: number;
  readonly locals: Value[];
  readonly base: number;
  labels: Label[];
  next: number;
}

const I64 = 0x7e;

/** Runs `entry` of a module without imports. */
export function interpret(
  module: CoreModule,
  entry: string,
  args: readonly Value[],
  limits: { readonly gas: number; readonly pagesMax: number },
): Outcome {
  const machine = new Machine(readProgram(module), limits);
  let end: Outcome["end"] = "returned";
  try {
    machine.run(module.exports.get(entry)?.index ?? 0, args);
  } catch (error) {
    if (!(error instanceof Trapped)) throw error;
    end = error.kind;
  }
  const { operands: results, gas, memory } = machine;
  return { end, results, gas: gas.used, memory: memory.bytes, stack: machine.stackBytes };
}

class Machine {
  readonly gas: Gas;
  readonly memory: Memory;
  readonly operands: Value[] = [];
  stackBytes: number = STACK_BYTES_MAX;
  readonly #program: Program;
  readonly #guarded: readonly number[];
  readonly #globals: Value[];
  readonly #frames: Frame[] = [];

  constructor(program: Program, limits: { readonly gas: number; readonly pagesMax: number }) {
    const { memoryPages, memoryPagesMax = limits.pagesMax } = program.module;
    this.#program = program;
    this.#guarded = guardedBytes(program);
    this.#globals = [...program.globals];
    this.gas = new Gas(limits.gas);
    this.memory = new Memory(memoryPages, Math.min(memoryPagesMax, limits.pagesMax));
    for (const { start, bytes } of program.data) this.memory.bytes.set(bytes, start);
  }

  run(entry: number, args: readonly Value[]): void {
    this.operands.push(...args);
    this.#enter(entry);
    for (let frame = this.#frames.at(-1); frame !== undefined; frame = this.#frames.at(-1)) {
      this.#step(frame, frame.next++);
    }
  }

  #enter(index: number): void {
    const code = this.#program.code[index];
    if (code === undefined) throw new Error("no such function");
    const bytes = this.#guarded[index] ?? 0;
    this.stackBytes -= bytes;
    if (this.stackBytes < 0) throw new Trapped("STACK_OVERFLOW");
    this.gas.enter(code.locals.length);
    const base = this.operands.length - code.type.params.length;
    const zeros = code.locals.map((type): Value => (type === I64 ? 0n : 0));
    const locals = [...this.operands.splice(base), ...zeros];
    const arity = code.type.results.length;
    const labels = [{ next: code.count, height: base, arity }];
    this.#frames.push({ code, bytes, locals, base, labels, next: 0 });
  }

  #leave(frame: Frame): void {
    this.#keep(frame.base, frame.code.type.results.length);
    this.#frames.pop();
    this.stackBytes += frame.bytes;
  }

  /** Cuts the operands back to `height`, all but the top `count`. */
  #keep(height: number, count: number): void {
    this.operands.splice(height, this.operands.length - height - count);
  }

  #pop(): Value {
    const value = this.operands.pop();
    if (value === undefined) throw new Error("the module was not valid");
    return value;
  }

  #number(): number {
    return this.#pop() as number;
  }

  #step(frame: Frame, at: number): void {
    const { code } = frame;
    if (at >= code.count) return this.#leave(frame);
    const opcode = code.opcode[at] ?? 0;
    this.gas.charge(priceOf(opcode));
    const known = numeric.get(opcode);
    if (known !== undefined) {
      const second = known.arity === 2 ? this.#pop() : 0;
      this.operands.push(known.run(this.#pop(), second));
    } else if (opcode <= 0x11) this.#control(frame, at, opcode);
    else if (opcode <= 0x24 || (opcode >= 0x41 && opcode <= 0x44)) this.#move(frame, at, opcode);
    else this.#memory(Number(code.constants.get(at) ?? 0), opcode);
  }

  #control(frame: Frame, at: number, opcode: number): void {
    const { code } = frame;
    const value = code.value[at] ?? 0;
    switch (opcode) {
      case 0x00:
        throw new Trapped("TRAP");
      case 0x02:
      case 0x03:
        return this.#open(frame, at, opcode === 0x03);
      case 0x04: {
        const taken = this.#number() !== 0;
        this.#open(frame, at, false);
        const otherwise = code.otherwise[at] ?? 0;
        // Without an `else` the jump is to the `end`, which closes the label.
        if (!taken) frame.next = otherwise === 0 ? (code.partner[at] ?? 0) : otherwise + 1;
        return;
      }
      case 0x05:
        frame.next = code.partner[code.partner[at] ?? 0] ?? 0;
        return;
      case 0x0b:
        frame.labels.pop();
        return;
      case 0x0c:
        return this.#branch(frame, value);
      case 0x0d:
        if (this.#number() !== 0) this.#branch(frame, value);
        return;
      case 0x0e: {
        const targets = code.tables.get(at) ?? [];
        const choice = Math.min(this.#number() >>> 0, targets.length - 1);
        return this.#branch(frame, targets[choice] ?? 0);
      }
      case 0x0f:
        return this.#leave(frame);
      case 0x10:
        return this.#enter(value);
      case 0x11: {
        const callee = this.#program.table[this.#number() >>> 0];
        const type = callee === undefined ? undefined : this.#program.code[callee]?.type;
        if (callee === undefined || !sameType(type, this.#program.module.types[value])) {
          throw new Trapped("TRAP");
        }
        return this.#enter(callee);
      }
    }
  }

  #open(frame: Frame, at: number, loop: boolean): void {
    const { params, results } = blockArity(this.#program, frame.code.value[at] ?? 0);
    const next = loop ? at : (frame.code.partner[at] ?? 0) + 1;
    const height = this.operands.length - params;
    frame.labels.push({ next, height, arity: loop ? params : results });
  }

  /** A branch to a loop runs the `loop` again, which opens its label anew. */
  #branch(frame: Frame, depth: number): void {
    const label = frame.labels.at(-1 - depth);
    if (label === undefined) throw new Error("the module was not valid");
    this.#keep(label.height, label.arity);
    frame.labels = frame.labels.slice(0, frame.labels.length - 1 - depth);
    frame.next = label.next;
  }

  #move({ code, locals }: Frame, at: number, opcode: number): void {
    const index = code.value[at] ?? 0;
    if (opcode === 0x1a) this.#pop();
    else if (opcode === 0x1b) {
      const first = this.#number() !== 0;
      const [b, a] = [this.#pop(), this.#pop()];
      this.operands.push(first ? a : b);
    } else if (opcode === 0x20) this.operands.push(locals[index] ?? 0);
    else if (opcode === 0x21) locals[index] = this.#pop();
    else if (opcode === 0x22) locals[index] = this.operands.at(-1) ?? 0;
    else if (opcode === 0x23) this.operands.push(this.#globals[index] ?? 0);
    else if (opcode === 0x24) this.#globals[index] = this.#pop();
    else this.operands.push(code.constants.get(at) ?? 0);
  }

  #memory(offset: number, opcode: number): void {
    const { memory, gas, operands } = this;
    if (opcode <= 0x35) {
      operands.push(memory.load(opcode, (this.#number() >>> 0) + offset));
    } else if (opcode <= 0x3e) {
      const value = this.#pop();
      memory.store(opcode, (this.#number() >>> 0) + offset, value);
    } else if (opcode === 0x3f) operands.push(memory.pages);
    else if (opcode === 0x40) {
      const pages = this.#number() >>> 0;
      gas.grow(pages);
      operands.push(memory.grow(pages));
    } else this.#bulk(opcode);
  }

  #bulk(opcode: number): void {
    const { memory, gas } = this;
    const length = this.#number() >>> 0;
    gas.bulk(length);
    const source = this.#number();
    const target = this.#number() >>> 0;
    memory.check(target, length);
    if (opcode === 0xfc0b) memory.bytes.fill(source & 0xff, target, target + length);
    else if (opcode === 0xfc0a) {
      memory.check(source >>> 0, length);
      memory.bytes.copyWithin(target, source >>> 0, (source >>> 0) + length);
    } else throw new Error("not interpreted: passive segments");
  }
}
