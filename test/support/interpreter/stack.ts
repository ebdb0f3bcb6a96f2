/**
 * The stack rule of host/vm/SPEC.md §4: which functions are recursive, and what their frames count.
 *
 * @module
 */
import type { FunctionType } from "#host/vm/decode/module.ts";
import type { Code, Program } from "#test/support/interpreter/module.ts";
import { numeric } from "#test/support/interpreter/numeric.ts";

/** Bytes that each function takes from the budget: 0 if it is not recursive. */
export function guardedBytes(program: Program): number[] {
  const callees = program.code.map((code) => calleesOf(program, code));
  return program.code.map((code, index) =>
    reaches(callees, index) ? 64 + 8 * values(program, code) + quarter(program, index) : 0,
  );
}

function quarter({ module }: Program, index: number): number {
  const { start, end } = module.bodies[index] ?? { start: 0, end: 0 };
  return Math.floor((end - start) / 4);
}

export function sameType(a: FunctionType | undefined, b: FunctionType | undefined): boolean {
  return (
    a !== undefined && b !== undefined && `${a.params}:${a.results}` === `${b.params}:${b.results}`
  );
}

function calleesOf(program: Program, code: Code): Set<number> {
  const callees = new Set<number>();
  for (let index = 0; index < code.count; index++) {
    const value = code.value[index] ?? 0;
    if (code.opcode[index] === 0x10) callees.add(value);
    if (code.opcode[index] !== 0x11) continue;
    for (const entry of program.elements.flatMap(({ functions }) => functions)) {
      if (sameType(program.code[entry]?.type, program.module.types[value])) callees.add(entry);
    }
  }
  return callees;
}

function reaches(callees: readonly Set<number>[], from: number): boolean {
  const seen = new Set<number>();
  const waiting = [...(callees[from] ?? [])];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next === from) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    waiting.push(...(callees[next] ?? []));
  }
  return false;
}

function values(program: Program, code: Code): number {
  const { params, results } = code.type;
  return params.length + results.length + code.locals.length + greatestHeight(program, code);
}

/** What a block takes and gives; the type of a label is counted by its arity alone. */
export function blockArity(program: Program, type: number): { params: number; results: number } {
  if (type < 0) return { params: 0, results: type === -0x40 ? 0 : 1 };
  const known = program.module.types[type];
  return { params: known?.params.length ?? 0, results: known?.results.length ?? 0 };
}

/** Follows operand heights as validation does. */
function greatestHeight(program: Program, code: Code): number {
  const blocks: { base: number; params: number; results: number }[] = [];
  let base = 0;
  let height = 0;
  let greatest = 0;
  for (let index = 0; index < code.count; index++) {
    const opcode = code.opcode[index] ?? 0;
    const value = code.value[index] ?? 0;
    if (opcode >= 0x02 && opcode <= 0x04) {
      if (opcode === 0x04) height = Math.max(base, height - 1);
      const arity = blockArity(program, value);
      blocks.push({ base, ...arity });
      base = Math.max(base, height - arity.params);
      height = Math.max(base, height);
    } else if (opcode === 0x05) {
      height = base + (blocks.at(-1)?.params ?? 0);
    } else if (opcode === 0x0b) {
      const block = blocks.pop();
      height = base + (block?.results ?? 0);
      base = block?.base ?? 0;
    } else if ([0x00, 0x0c, 0x0e, 0x0f].includes(opcode)) {
      height = base;
    } else {
      const [pops, pushes] = effect(program, opcode, value);
      height = Math.max(base, height - pops + pushes);
    }
    greatest = Math.max(greatest, height);
  }
  return greatest;
}

function effect(program: Program, opcode: number, value: number): [pops: number, pushes: number] {
  const known = numeric.get(opcode);
  if (known !== undefined) return [known.arity, 1];
  if (opcode === 0x10 || opcode === 0x11) {
    const type = opcode === 0x10 ? program.code[value]?.type : program.module.types[value];
    const indirect = opcode === 0x11 ? 1 : 0;
    return [(type?.params.length ?? 0) + indirect, type?.results.length ?? 0];
  }
  if ([0x0d, 0x1a, 0x21, 0x24].includes(opcode)) return [1, 0];
  if (opcode === 0x1b) return [3, 1];
  if ([0x22, 0x40].includes(opcode) || (opcode >= 0x28 && opcode <= 0x35)) return [1, 1];
  if (opcode >= 0x36 && opcode <= 0x3e) return [2, 0];
  if (opcode >= 0xfc08) return opcode === 0xfc09 || opcode === 0xfc0d ? [0, 0] : [3, 0];
  return opcode === 0x01 ? [0, 0] : [0, 1];
}
