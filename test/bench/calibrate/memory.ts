/**
 * Kernels that wait for memory: pointers that lead everywhere, stores that are read in part, bulk moves, growth.
 *
 * @module
 */
import { kernel, local, resumed, touched, type Kernel } from "#test/bench/calibrate/kernel.ts";
import { add, brIf, constant, drop, get, loop, set, tee, type Code } from "#test/support/wasm.ts";

const { a, b, c, wideA, singleA, doubleA } = local;
/** 16 MiB less what grows: more than the caches next to a core hold. */
const PAGES = 250;
const BYTES = PAGES * 65_536;
/** Bytes from pointer to pointer: a line of the cache. */
const LINE_SHIFT = 6;
const LINES = BYTES >> LINE_SHIFT;
/** Odd, so that multiplying by it visits every line before one comes again. */
const STRIDE = 0x9e37_79b1 | 0;

/** Advances `b`, a number that looks random, and leaves a line's address. */
const anywhere: Code = [
  ...[...get(b), ...constant(STRIDE), add, ...tee(b)],
  ...[...constant(LINES), 0x70, ...constant(LINE_SHIFT), 0x74],
];

/** Fills the lines with a walk over all of them: each word is the address of the next. */
const linked: Code = [
  ...[...constant(LINES), ...set(c)],
  ...loop([
    // The line of `b`, and in it the address of the line of the next `b`.
    ...[...get(b), ...constant(LINES), 0x70, ...constant(LINE_SHIFT), 0x74],
    ...[...anywhere, 0x36, 2, 0],
    ...[...get(c), ...constant(-1), add, ...tee(c), ...brIf(0)],
  ]),
];

const far = { pages: PAGES, setup: touched, before: resumed, turns: 500 };
const load = (code: number): Code => [code, 0, 0];

/** Kinds of value a load gives or a store takes: how it becomes an i32 again, and what is stored. */
const loads: readonly [first: number, last: number, back: Code][] = [
  [0x28, 0x28, []],
  [0x29, 0x29, [0xa7]],
  [0x2a, 0x2a, [0xbc]],
  [0x2b, 0x2b, [0xbd, 0xa7]],
  [0x2c, 0x2f, []],
  [0x30, 0x35, [0xa7]],
];
const stores: readonly [first: number, last: number, value: Code][] = [
  [0x36, 0x36, get(a)],
  [0x37, 0x37, get(wideA)],
  [0x38, 0x38, get(singleA)],
  [0x39, 0x39, get(doubleA)],
  [0x3a, 0x3b, get(a)],
  [0x3c, 0x3e, get(wideA)],
];
const each = <T>(
  table: readonly [number, number, Code][],
  make: (code: number, part: Code) => T,
): T[] =>
  table.flatMap(([first, last, part]) =>
    Array.from({ length: last - first + 1 }, (_, at) => make(first + at, part)),
  );

/** A load whose address is what the last one gave; narrow ones give zero, and stay where they are. */
const near = each(loads, (code, back) =>
  kernel(`load 0x${code.toString(16)}, near`, [code], {
    unit: [...get(a), ...load(code), ...back, ...set(a)],
    turns: 4_000,
  }),
);
const wandering = each(loads, (code, back) =>
  kernel(`load 0x${code.toString(16)}, anywhere`, [code], {
    ...far,
    unit: [...anywhere, ...load(code), ...back, ...get(b), add, ...set(b)],
  }),
);
const storing = each(stores, (code, value) => [
  kernel(`store 0x${code.toString(16)}, near`, [code], {
    unit: [...get(a), ...value, ...load(code)],
    turns: 4_000,
  }),
  kernel(`store 0x${code.toString(16)}, anywhere`, [code], {
    ...far,
    unit: [...anywhere, ...value, ...load(code)],
  }),
]).flat();

const bulk = (code: number, length: number, source: Code, tail: Code): Kernel => {
  const turns = Math.max(2, Math.min(500, Math.floor((16 << 20) / (length + 4_096) / 8)));
  return kernel(`bulk 0x${code.toString(16)} of ${length} bytes`, [0xfc00 | code], {
    pages: PAGES,
    setup: touched,
    unit: [...constant(8 << 20), ...source, ...constant(length), 0xfc, code, ...tail],
    unrolled: 8,
    turns,
    ...(code === 8 ? passive : {}),
  });
};
const SEGMENT_BYTES = 65_536;
const passive = {
  data: [[1, 0x80, 0x80, 0x04, ...Array.from({ length: SEGMENT_BYTES }, () => 7)]],
  extra: new Map([[9, [12, 1, 1]]]),
};

export const memory: readonly Kernel[] = [
  ...near,
  ...wandering,
  kernel("loads that lead to each other", [0x28], {
    ...far,
    setup: linked,
    unit: [...get(a), ...load(0x28), ...set(a)],
    turns: 500,
  }),
  kernel("loads over two lines", [0x29], {
    unit: [...get(wideA), 0xa7, 0x29, 0, 61, ...set(wideA)],
    turns: 4_000,
  }),
  kernel("loads over two pages", [0x29], {
    unit: [...get(wideA), 0xa7, 0x29, 0, 0xfd, 0x1f, ...set(wideA)],
    turns: 4_000,
  }),
  ...storing,
  kernel("bytes stored and read as a word", [0x28, 0x3a], {
    unit: [
      ...get(a),
      ...get(a),
      0x3a,
      0,
      1,
      ...get(a),
      ...load(0x28),
      ...constant(0),
      0x71,
      ...set(a),
    ],
    turns: 4_000,
  }),
  ...[0, 8, 64, 4_096, 65_536, 4 << 20].flatMap((length) => [
    bulk(0x0a, length, constant(0), [0, 0]),
    bulk(0x0b, length, constant(1), [0]),
  ]),
  ...[0, 8, 4_096, 65_536].map((length) => bulk(0x08, length, constant(0), [0, 0])),
  kernel("data.drop", [0xfc09], { ...passive, unit: [0xfc, 0x09, 0], turns: 2_000 }),
  kernel("memory.size", [0x3f], { unit: [0x3f, 0, drop], turns: 4_000 }),
  kernel("memory.grow by nothing", [0x40], {
    unit: [...constant(0), 0x40, 0, drop],
    turns: 500,
    unrolled: 8,
  }),
  kernel("memory.grow past the limit", [0x40], {
    unit: [...constant(1_000), 0x40, 0, drop],
    turns: 20,
    unrolled: 4,
  }),
  kernel("memory.grow page by page, each touched", [0x40], {
    unit: [
      ...[...constant(1), 0x40, 0, ...constant(16), 0x74, ...set(a)],
      ...Array.from({ length: 16 }, (_, at) => [
        ...[...get(a), ...constant(at << 12), add, ...constant(1), 0x36, 2, 0],
      ]).flat(),
    ],
    turns: 50,
    unrolled: 4,
    isFresh: true,
  }),
];
