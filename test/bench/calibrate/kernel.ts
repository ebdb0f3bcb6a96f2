/**
 * Loops of one costly thing each: the corpus on which gas is held against time.
 *
 * @module
 */
import { contractCore, RESULT, type ContractParts } from "#test/support/contract.ts";
import {
  add,
  brIf,
  constant,
  get,
  i32,
  i64,
  loop,
  set,
  signed,
  tee,
  u32,
  type Code,
} from "#test/support/wasm.ts";

export interface Kernel {
  readonly name: string;
  /** The opcodes whose price it tests. */
  readonly opcodes: readonly number[];
  /** A contract whose `init` makes ready, whose `command` runs the loop, and whose `query` hardly a turn of it. */
  readonly core: Uint8Array;
  /** Whether each run needs an instance of its own, because it leaves another one than it found. */
  readonly isFresh: boolean;
}

/** Locals of every kernel, behind the four parameters of `command`. */
export const local = {
  turns: 4,
  a: 5,
  b: 6,
  c: 7,
  wideA: 8,
  wideB: 9,
  wideC: 10,
  singleA: 11,
  singleB: 12,
  doubleA: 13,
  doubleB: 14,
} as const;

const LOCALS: ContractParts["locals"] = [
  [4, i32],
  [3, i64],
  [2, 0x7d],
  [2, 0x7c],
];
/** Where the results are written at the end: a compiler leaves out what nobody looks at. */
const PLACE = 32;
const OBSERVED: Code = [
  ...[...constant(PLACE), ...get(5), 0x36, 2, 0, ...constant(PLACE), ...get(6), 0x36, 2, 4],
  ...[...constant(PLACE), ...get(8), 0x37, 3, 8, ...constant(PLACE), ...get(11), 0x38, 2, 16],
  ...[...constant(PLACE), ...get(13), 0x39, 3, 24],
];
/** Goes on where the last run of the instance ended, so that no run finds what another left in a cache. */
export const resumed: Code = [
  ...[...constant(PLACE), 0x28, 2, 0, ...set(local.a)],
  ...[...constant(PLACE), 0x28, 2, 4, ...set(local.b)],
];
/** Writes every page once, so that the operating system has given it before anything is timed. */
export const touched: Code = [
  ...[...constant(0), ...constant(0), 0x3f, 0, ...constant(16), 0x74, 0xfc, 0x0b, 0],
];
/** Copies of a unit in one turn: enough that the loop itself does not count. */
const UNROLLED = 32;

export interface KernelParts extends Omit<ContractParts, "init" | "command" | "query" | "locals"> {
  /** Runs once for all runs of an instance. */
  readonly setup?: Code;
  /** Runs before the loop. */
  readonly before?: Code;
  readonly unit: Code;
  readonly turns: number;
  readonly unrolled?: number;
  readonly pages?: number;
  readonly isFresh?: boolean;
}

const repeat = (times: number, code: Code): number[] =>
  Array.from({ length: times }, () => code).flat();

/** A kernel that runs `unit` `turns` times `unrolled` times. */
export function kernel(name: string, opcodes: readonly number[], given: KernelParts): Kernel {
  const { setup = [], before = [], unit, turns, unrolled = UNROLLED, pages = 1, ...more } = given;
  const { isFresh = false, ...rest } = more;
  const again = [...get(local.turns), ...constant(-1), add, ...tee(local.turns), ...brIf(0)];
  const command = (count: number): number[] => [
    ...before,
    ...[...constant(count), ...set(local.turns)],
    ...loop([...repeat(unrolled, unit), ...again]),
    ...OBSERVED,
    ...constant(RESULT),
  ];
  const entries = {
    init: [...setup, ...constant(RESULT)],
    command: command(turns),
    query: command(1),
  };
  const memory = [0, ...u32(pages)];
  const core = contractCore({ ...rest, ...entries, locals: LOCALS ?? [], memory });
  return { name, opcodes, core, isFresh };
}

/** Eight bytes of a float constant. */
export function double(value: number): number[] {
  return [0x44, ...new Uint8Array(Float64Array.of(value).buffer)];
}

/** Four bytes of a float constant. */
export function single(value: number): number[] {
  return [0x43, ...new Uint8Array(Float32Array.of(value).buffer)];
}

/** An i64 constant. */
export function long(value: bigint): number[] {
  return [0x42, ...signed(value)];
}
