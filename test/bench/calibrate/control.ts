/**
 * Kernels of control: branches nobody can foresee, calls, deep recursion, large frames.
 *
 * @module
 */
import { kernel, local, type Kernel } from "#test/bench/calibrate/kernel.ts";
import {
  add,
  block,
  br,
  brIf,
  call,
  constant,
  drop,
  get,
  i32,
  i64,
  set,
  sub,
  tee,
  u32,
  vector,
  when,
} from "#test/support/wasm.ts";

const { a, b, c } = local;
/** Index of the first function behind the five that every contract has. */
const FIRST = 5;
const TURNS = 4_000;
const FUNCTIONS = 64;

/** Leaves a number from 0 to `limit - 1`, a power of two, that looks random: a step of xorshift on `b`. */
const random = (limit: number): number[] => [
  ...[...get(b), ...get(b), ...constant(13), 0x74, 0x73, ...tee(b)],
  ...[...constant(17), 0x76, ...get(b), 0x73, ...tee(b)],
  ...[...get(b), ...constant(5), 0x74, 0x73, ...tee(b), ...constant(limit - 1), 0x71],
];
const seeded = [...constant(0x2545_f491), ...set(b)];
const repeat = (times: number, code: readonly number[]): number[] =>
  Array.from({ length: times }, () => code).flat();

/** A switch of 64 cases that each do a little. */
const switched = [
  ...repeat(FUNCTIONS + 1, [0x02, 0x40]),
  ...random(FUNCTIONS),
  ...[0x0e, FUNCTIONS - 1, ...Array.from({ length: FUNCTIONS }, (_, at) => at)],
  0x0b,
  ...Array.from({ length: FUNCTIONS }, (_, at) => [
    ...[...get(a), ...constant(at), add, ...set(a)],
    ...br(FUNCTIONS - 1 - at),
    0x0b,
  ]).flat(),
];

const table = {
  table: vector([[0x70, 0, FUNCTIONS]]),
  elements: [
    [
      0,
      ...constant(0),
      0x0b,
      ...vector(Array.from({ length: FUNCTIONS }, (_, at) => u32(FIRST + at))),
    ],
  ],
  functions: Array.from({ length: FUNCTIONS }, (_, at) => ({
    params: "i",
    results: "i",
    code: [...get(0), ...constant(at), add],
  })),
};
const type = FIRST;

const down = [...get(0), ...when([...get(0), ...constant(1), sub, ...call(FIRST)])];

export const control: readonly Kernel[] = [
  kernel("locals, constants and drop", [0x1a, 0x20, 0x21, 0x22, 0x41, 0x42, 0x43, 0x44], {
    unit: [...get(a), ...tee(c), drop, ...constant(7), ...set(a), 0x42, 1, drop],
    turns: TURNS,
  }),
  kernel("select of what nobody can foresee", [0x1b], {
    before: seeded,
    unit: [...get(a), ...get(c), ...random(2), 0x1b, ...set(a)],
    turns: TURNS,
  }),
  kernel("global of 32 bits", [0x23, 0x24], {
    globals: [[i32, 1, ...constant(5), 0x0b]],
    unit: [0x23, 0, ...constant(3), add, 0x24, 0],
    turns: TURNS,
  }),
  kernel("global of 64 bits", [0x23, 0x24], {
    globals: [[i64, 1, 0x42, 5, 0x0b]],
    unit: [0x23, 0, 0x42, 3, 0x7c, 0x24, 0],
    turns: TURNS,
  }),
  kernel("br_if that never branches", [0x0d], { unit: [...get(a), ...brIf(0)], turns: TURNS }),
  kernel("br_if nobody can foresee", [0x0d], {
    before: seeded,
    unit: block([...random(2), ...brIf(0), ...get(a), ...constant(1), add, ...set(a)]),
    turns: TURNS,
  }),
  kernel("if nobody can foresee", [0x04, 0x0c], {
    before: seeded,
    unit: [
      ...random(2),
      ...when([...get(a), ...constant(1), add, ...set(a)], [...get(c), ...set(a)]),
    ],
    turns: TURNS,
  }),
  kernel("br_table nobody can foresee", [0x0e], {
    before: seeded,
    unit: switched,
    unrolled: 1,
    turns: 40_000,
  }),
  kernel("call of little", [0x10, 0x0f], {
    functions: [{ params: "i", results: "i", code: [...get(0), ...constant(3), add, 0x0f] }],
    unit: [...get(a), ...call(FIRST), ...set(a)],
    turns: TURNS,
  }),
  kernel("call of many parameters and results", [0x10], {
    functions: [{ params: "i".repeat(64), results: "i".repeat(16), code: repeat(16, get(1)) }],
    unit: [...repeat(64, get(a)), ...call(FIRST), ...repeat(15, [drop]), ...set(a)],
    turns: 500,
    unrolled: 4,
  }),
  kernel("call of many locals", [0x10], {
    functions: [
      {
        locals: [[2_000, i64]],
        // One local is chosen by what nobody knows, so that all have to be there.
        code: [...get(3), 0xa7, ...when([...get(7), ...set(1_999)]), ...get(1_999), ...set(5)],
      },
    ],
    unit: call(FIRST),
    turns: 2_000,
    unrolled: 4,
  }),
  kernel("call through the table, to anywhere", [0x11], {
    ...table,
    before: seeded,
    unit: [...get(a), ...random(FUNCTIONS), 0x11, type, 0, ...set(a)],
    turns: TURNS,
  }),
  kernel("call through the table, to one", [0x11], {
    ...table,
    unit: [...get(a), ...constant(3), 0x11, type, 0, ...set(a)],
    turns: TURNS,
  }),
  kernel("recursion to the limit", [0x10], {
    functions: [{ params: "i", code: down }],
    unit: [...constant(2_000), ...call(FIRST)],
    turns: 10,
    unrolled: 1,
  }),
];
