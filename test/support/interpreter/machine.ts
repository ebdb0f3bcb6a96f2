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
import { MemoryInstructions } from "#test/support/interpreter/memory-instructions.ts";
import { Memory } from "#test/support/interpreter/memory.ts";
import { readProgram, type Code, type Program } from "#test/support/interpreter/module.ts";
import { numeric } from "#test/support/interpreter/numeric.ts";
import { Table } from "#test/support/interpreter/table.ts";
import { blockArity, guardedBytes, sameType } from "#test/support/interpreter/stack.ts";
import { Trapped, type TrapKind, type Value } from "#test/support/interpreter/values.ts";

export interface Outcome {
  readonly end: "returned" | TrapKind;
  /** After `TRAP`: why, in the words of the core test suite, or as the engine says it. */
  readonly trap?: string;
  readonly results: readonly Value[];
  readonly gas: number;
  readonly memory: Uint8Array;
  /** Stack bytes left; below zero by what the frame lacked after `STACK_OVERFLOW`. */
  readonly stack: number;
}

export interface Limits {
  readonly gas: number;
  readonly pagesMax: number;
  /** Bytes of stack for recursive functions. */
  readonly stack?: number;
  /** Counts how often each opcode ran, prefixed ones two bytes wide. */
  readonly executed?: Uint32Array;
}

/** What the reference interpreter knows beyond what an engine shows. */
export interface Reference extends Outcome {
  /** Stack bytes that the call took at most. */
  readonly stackPeak: number;
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
  limits: Limits,
): Reference {
  const machine = new Machine(readProgram(module), limits);
  let end: Outcome["end"] = "returned";
  let trap = "";
  try {
    machine.run(module.exports.get(entry)?.index ?? 0, args);
  } catch (error) {
    if (!(error instanceof Trapped)) throw error;
    end = error.kind;
    trap = error.message;
  }
  const { operands: results, gas, memoryBytes: memory, stackBytes: stack, stackPeak } = machine;
  return { end, trap, results, gas: gas.used, memory, stack, stackPeak };
}

class Machine {
  readonly gas: Gas;
  readonly operands: Value[] = [];
  stackBytes: number;
  readonly #stackBudget: number;
  #stackLeast: number;
  readonly #program: Program;
  readonly #guarded: readonly number[];
  readonly #globals: Value[];
  readonly #frames: Frame[] = [];

  readonly #executed: Uint32Array | undefined;
  readonly #memory: MemoryInstructions;
  readonly #table: Table;

  constructor(program: Program, limits: Limits) {
    const { memoryPages, memoryPagesMax = limits.pagesMax } = program.module;
    this.#program = program;
    this.#guarded = guardedBytes(program);
    this.#globals = [...program.globals];
    this.gas = new Gas(limits.gas);
    const memory = new Memory(memoryPages, Math.min(memoryPagesMax, limits.pagesMax));
    this.#memory = new MemoryInstructions(memory, program.data, this);
    this.#table = new Table(program.tableSize, program.elements, this);
    this.#stackBudget = limits.stack ?? STACK_BYTES_MAX;
    this.stackBytes = this.#stackBudget;
    this.#stackLeast = this.#stackBudget;
    this.#executed = limits.executed;
  }

  get memoryBytes(): Uint8Array {
    return this.#memory.memory.bytes;
  }

  get stackPeak(): number {
    return this.#stackBudget - this.#stackLeast;
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
    this.#stackLeast = Math.min(this.#stackLeast, this.stackBytes);
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

  pop(): Value {
    const value = this.operands.pop();
    if (value === undefined) throw new Error("the module was not valid");
    return value;
  }

  #step(frame: Frame, at: number): void {
    const { code } = frame;
    if (at >= code.count) return this.#leave(frame);
    const opcode = code.opcode[at] ?? 0;
    this.gas.charge(priceOf(opcode));
    if (this.#executed !== undefined) this.#executed[opcode] = (this.#executed[opcode] ?? 0) + 1;
    const known = numeric.get(opcode);
    if (known !== undefined) {
      const second = known.arity === 2 ? this.pop() : 0;
      this.operands.push(known.run(this.pop(), second));
    } else if (opcode <= 0x11) this.#control(frame, at, opcode);
    else if (opcode <= 0x24 || (opcode >= 0x41 && opcode <= 0x44)) this.#move(frame, at, opcode);
    else if (opcode >= 0xfc0c) this.#table.run(opcode, Number(code.constants.get(at) ?? 0));
    else this.#memory.run(opcode, Number(code.constants.get(at) ?? 0));
  }

  #control(frame: Frame, at: number, opcode: number): void {
    const { code } = frame;
    const value = code.value[at] ?? 0;
    switch (opcode) {
      case 0x00:
        throw new Trapped("TRAP", "unreachable");
      case 0x02:
      case 0x03:
        return this.#open(frame, at, opcode === 0x03);
      case 0x04: {
        const taken = (this.pop() as number) !== 0;
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
        if ((this.pop() as number) !== 0) this.#branch(frame, value);
        return;
      case 0x0e: {
        const targets = code.tables.get(at) ?? [];
        const choice = Math.min((this.pop() as number) >>> 0, targets.length - 1);
        return this.#branch(frame, targets[choice] ?? 0);
      }
      case 0x0f:
        return this.#leave(frame);
      case 0x10:
        return this.#enter(value);
      case 0x11: {
        return this.#enter(this.#callee((this.pop() as number) >>> 0, value));
      }
    }
  }

  #callee(entry: number, type: number): number {
    const { code, module } = this.#program;
    const callee = this.#table.at(entry);
    if (sameType(code[callee]?.type, module.types[type])) return callee;
    throw new Trapped("TRAP", "indirect call type mismatch");
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
    if (opcode === 0x1a) this.pop();
    else if (opcode === 0x1b) {
      const first = (this.pop() as number) !== 0;
      const [b, a] = [this.pop(), this.pop()];
      this.operands.push(first ? a : b);
    } else if (opcode === 0x20) this.operands.push(locals[index] ?? 0);
    else if (opcode === 0x21) locals[index] = this.pop();
    else if (opcode === 0x22) locals[index] = this.operands.at(-1) ?? 0;
    else if (opcode === 0x23) this.operands.push(this.#globals[index] ?? 0);
    else if (opcode === 0x24) this.#globals[index] = this.pop();
    else this.operands.push(code.constants.get(at) ?? 0);
  }
}
