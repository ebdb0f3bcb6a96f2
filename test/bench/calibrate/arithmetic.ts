/**
 * Kernels of instructions that work on values alone: each result is the next one's operand.
 *
 * @module
 */
import { double, kernel, local, long, single, type Kernel } from "#test/bench/calibrate/kernel.ts";
import { constant, get, set, type Code } from "#test/support/wasm.ts";

const TURNS = 4_000;
const { a, b, c, wideA, wideB, wideC, singleA, singleB, doubleA, doubleB } = local;

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

interface Type {
  readonly operands: readonly [number, number];
  readonly before: Code;
}

const words: Type = {
  operands: [a, b],
  before: [...constant(0x3779_b97f), ...set(a), ...constant(0x5bd1_e995), ...set(b)],
};
const wides: Type = {
  operands: [wideA, wideB],
  before: [
    ...long(0x1e37_79b9_7f4a_7c15n),
    ...set(wideA),
    ...long(0x6a09_e667_f3bc_c909n),
    ...set(wideB),
  ],
};
const floats = (x: number, y: number): Type => ({
  operands: [singleA, singleB],
  before: [...single(x), ...set(singleA), ...single(y), ...set(singleB)],
});
const doubles = (x: number, y: number): Type => ({
  operands: [doubleA, doubleB],
  before: [...double(x), ...set(doubleA), ...double(y), ...set(doubleB)],
});

/** `x = x op y`, over and over. */
function binary(name: string, code: number, type: Type, turns: number = TURNS): Kernel {
  const [x, y] = type.operands;
  const unit = [...get(x), ...get(y), code, ...set(x)];
  return kernel(name, [code], { before: type.before, unit, turns });
}

/** `x = back(op(x))`; what `back` needs to give the type again stands behind. */
function unary(name: string, code: Code, type: Type, back: Code = []): Kernel {
  const [x] = type.operands;
  const unit = [...get(x), ...code, ...back, ...set(x)];
  return kernel(name, [code[0] === 0xfc ? 0xfc00 | (code[1] ?? 0) : (code[0] ?? 0)], {
    before: type.before,
    unit,
    turns: TURNS,
  });
}

/** Division of what is kept large, by what is kept odd. */
function division(name: string, code: number, isWide: boolean): Kernel {
  const [x, y, high] = isWide ? [wideA, wideB, wideC] : [a, b, c];
  const or = isWide ? 0x84 : 0x72;
  const before = isWide
    ? [...wides.before, ...long(0x7fff_0000_0000_0001n), ...set(wideC), ...long(3n), ...set(wideB)]
    : [...words.before, ...constant(0x7fff_0001), ...set(c), ...constant(3), ...set(b)];
  const unit = [...get(x), ...get(y), code, ...get(high), or, ...set(x)];
  return kernel(name, [code], { before, unit, turns: TURNS });
}

const TINY = 1e-310;
const TINY_SINGLE = 1e-40;

export const arithmetic: readonly Kernel[] = [
  ...range(0x6a, 0x6c).map((code) => binary(`i32 0x${code.toString(16)}`, code, words)),
  ...range(0x71, 0x78).map((code) => binary(`i32 0x${code.toString(16)}`, code, words)),
  ...range(0x46, 0x4f).map((code) => binary(`i32 comparison 0x${code.toString(16)}`, code, words)),
  ...range(0x7c, 0x7e).map((code) => binary(`i64 0x${code.toString(16)}`, code, wides)),
  ...range(0x83, 0x8a).map((code) => binary(`i64 0x${code.toString(16)}`, code, wides)),
  ...range(0x51, 0x5a).map((code) =>
    kernel(`i64 comparison 0x${code.toString(16)}`, [code, 0xad], {
      before: wides.before,
      unit: [...get(wideA), ...get(wideB), code, 0xad, ...set(wideA)],
      turns: TURNS,
    }),
  ),
  ...[0x45, 0x67, 0x68, 0x69, 0xc0, 0xc1].map((code) =>
    unary(`i32 of one 0x${code.toString(16)}`, [code], words),
  ),
  ...[0x79, 0x7a, 0x7b, 0xc2, 0xc3, 0xc4].map((code) =>
    unary(`i64 of one 0x${code.toString(16)}`, [code], wides),
  ),
  unary("i64.eqz and extension", [0x50], wides, [0xad]),
  unary("i32.wrap_i64 and extension", [0xa7], wides, [0xad]),
  unary("i64.extend_i32_s and wrap", [0xac], words, [0xa7]),
  ...range(0x6d, 0x70).map((code) => division(`i32 division 0x${code.toString(16)}`, code, false)),
  ...range(0x7f, 0x82).map((code) => division(`i64 division 0x${code.toString(16)}`, code, true)),
  ...[0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98].flatMap((code) => [
    binary(`f32 0x${code.toString(16)}`, code, floats(3, 1.000_001)),
    binary(
      `f32 of tiny values 0x${code.toString(16)}`,
      code,
      floats(TINY_SINGLE, code >= 0x94 && code < 0x96 ? 0.999_99 : TINY_SINGLE),
    ),
    binary(`f32 of NaN 0x${code.toString(16)}`, code, floats(Number.NaN, 1)),
  ]),
  ...[0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6].flatMap((code) => [
    binary(`f64 0x${code.toString(16)}`, code, doubles(3, 1.000_001)),
    binary(
      `f64 of tiny values 0x${code.toString(16)}`,
      code,
      doubles(TINY, code >= 0xa2 && code < 0xa4 ? 0.999_99 : TINY),
    ),
    binary(`f64 of NaN 0x${code.toString(16)}`, code, doubles(Number.NaN, 1)),
  ]),
  ...range(0x8b, 0x91).flatMap((code) => [
    unary(`f32 of one 0x${code.toString(16)}`, [code], floats(3e30, 1)),
    unary(`f32 of one, tiny 0x${code.toString(16)}`, [code], floats(TINY_SINGLE, 1)),
  ]),
  ...range(0x99, 0x9f).flatMap((code) => [
    unary(`f64 of one 0x${code.toString(16)}`, [code], doubles(3e200, 1)),
    unary(`f64 of one, tiny 0x${code.toString(16)}`, [code], doubles(TINY, 1)),
  ]),
  unary("f64 square root, tiny again", [0x9f], doubles(TINY, 1), [
    ...get(doubleA),
    0x1a,
    ...double(TINY),
    0xa2,
  ]),
  ...[0x5b, 0x5c, 0x5d, 0x5e, 0x5f, 0x60].map((code) =>
    kernel(`f32 comparison 0x${code.toString(16)}`, [code], {
      before: floats(1, 2).before,
      unit: [...get(singleA), ...get(singleB), code, 0xb2, ...set(singleA)],
      turns: TURNS,
    }),
  ),
  ...[0x61, 0x62, 0x63, 0x64, 0x65, 0x66].map((code) =>
    kernel(`f64 comparison 0x${code.toString(16)}`, [code], {
      before: doubles(1, 2).before,
      unit: [...get(doubleA), ...get(doubleB), code, 0xb7, ...set(doubleA)],
      turns: TURNS,
    }),
  ),
  ...[0xa8, 0xa9].map((code) =>
    unary(`f32 to i32 0x${code.toString(16)}`, [code], floats(7, 1), [0xb2]),
  ),
  ...[0xaa, 0xab].map((code) =>
    unary(`f64 to i32 0x${code.toString(16)}`, [code], doubles(7, 1), [0xb7]),
  ),
  ...[0xae, 0xaf].map((code) =>
    unary(`f32 to i64 0x${code.toString(16)}`, [code], floats(7, 1), [0xb4]),
  ),
  ...[0xb0, 0xb1].map((code) =>
    unary(`f64 to i64 0x${code.toString(16)}`, [code], doubles(7, 1), [0xb9]),
  ),
  ...[0, 1].map((code) =>
    unary(`f32 to i32, saturating ${code}`, [0xfc, code], floats(7, 1), [0xb2]),
  ),
  ...[2, 3].map((code) =>
    unary(`f64 to i32, saturating ${code}`, [0xfc, code], doubles(7e20, 1), [0xb7]),
  ),
  ...[4, 5].map((code) =>
    unary(`f32 to i64, saturating ${code}`, [0xfc, code], floats(7, 1), [0xb4]),
  ),
  ...[6, 7].map((code) =>
    unary(`f64 to i64, saturating ${code}`, [0xfc, code], doubles(Number.NaN, 1), [0xb9]),
  ),
  ...[0xb2, 0xb3].map((code) => unary(`i32 to f32 0x${code.toString(16)}`, [code], words, [0xbc])),
  ...[0xb7, 0xb8].map((code) =>
    unary(`i32 to f64 0x${code.toString(16)}`, [code], words, [0xbd, 0xa7]),
  ),
  ...[0xb4, 0xb5].map((code) =>
    unary(`i64 to f32 0x${code.toString(16)}`, [code], wides, [0xbc, 0xad]),
  ),
  ...[0xb9, 0xba].map((code) => unary(`i64 to f64 0x${code.toString(16)}`, [code], wides, [0xbd])),
  unary("f64 to f32 and back", [0xb6], doubles(1e-310, 1), [0xbb]),
  unary("f32 to f64 and back", [0xbb], floats(TINY_SINGLE, 1), [0xb6]),
  unary("f32 bits", [0xbc], floats(1, 1), [0xbe]),
  unary("f64 bits", [0xbd], doubles(Number.NaN, 1), [0xbf]),
  unary("i32 as f32", [0xbe], words, [0xbc]),
  unary("i64 as f64", [0xbf], wides, [0xbd]),
];
