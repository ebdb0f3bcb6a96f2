/**
 * What the instructions that touch memory do: accesses, growth, bulk operations and passive segments.
 *
 * @module
 */
import type { Gas } from "#test/support/interpreter/gas.ts";
import type { Memory } from "#test/support/interpreter/memory.ts";
import type { Segment } from "#test/support/interpreter/module.ts";
import { Trapped, type Value } from "#test/support/interpreter/values.ts";

/** What they take from the machine: its gas and its operands. */
export interface Operands {
  readonly gas: Gas;
  readonly operands: Value[];
  pop(): Value;
}

export class MemoryInstructions {
  readonly memory: Memory;
  readonly #segments: readonly Segment[];
  readonly #machine: Operands;
  readonly #dropped = new Set<number>();

  /** Writes the active segments, which are dropped by that. */
  constructor(memory: Memory, segments: readonly Segment[], machine: Operands) {
    this.memory = memory;
    this.#segments = segments;
    this.#machine = machine;
    for (const [index, { start, bytes }] of segments.entries()) {
      if (start === undefined) continue;
      memory.bytes.set(bytes, start);
      this.#dropped.add(index);
    }
  }

  /** @param immediate - The offset of an access; the segment of `memory.init` and `data.drop`. */
  run(opcode: number, immediate: number): void {
    const { memory } = this;
    const { operands, gas } = this.#machine;
    if (opcode <= 0x35) operands.push(memory.load(opcode, this.#unsigned() + immediate));
    else if (opcode <= 0x3e) {
      const value = this.#machine.pop();
      memory.store(opcode, this.#unsigned() + immediate, value);
    } else if (opcode === 0x3f) operands.push(memory.pages);
    else if (opcode === 0x40) {
      const pages = this.#unsigned();
      gas.grow(pages);
      operands.push(memory.grow(pages));
    } else if (opcode === 0xfc09) this.#dropped.add(immediate);
    else this.#bulk(immediate, opcode);
  }

  #unsigned(): number {
    return (this.#machine.pop() as number) >>> 0;
  }

  #bulk(segment: number, opcode: number): void {
    const { memory } = this;
    const length = this.#unsigned();
    this.#machine.gas.bulk(length);
    const source = this.#unsigned();
    const target = this.#unsigned();
    if (opcode === 0xfc08) return this.#initialize(segment, target, source, length);
    memory.check(target, length);
    if (opcode === 0xfc0b) memory.bytes.fill(source & 0xff, target, target + length);
    else {
      memory.check(source, length);
      memory.bytes.copyWithin(target, source, source + length);
    }
  }

  /** A segment that was dropped is empty. */
  #initialize(segment: number, target: number, source: number, length: number): void {
    const whole = this.#segments[segment]?.bytes ?? new Uint8Array(0);
    const bytes = this.#dropped.has(segment) ? new Uint8Array(0) : whole;
    this.memory.check(target, length);
    if (source + length > bytes.length) throw new Trapped("TRAP", "out of bounds memory access");
    this.memory.bytes.set(bytes.subarray(source, source + length), target);
  }
}
