/**
 * The typed instructions that random programs are made of, and the constants they start from.
 *
 * @module
 */
import { signed } from "#test/support/wasm.ts";

/** A value type: `i` and `I` are i32 and i64, `f` and `F` are f32 and f64. */
export type Letter = "i" | "I" | "f" | "F";

export const letters: readonly Letter[] = ["i", "I", "f", "F"];
export const typeOf: Readonly<Record<Letter, number>> = { i: 0x7f, I: 0x7e, f: 0x7d, F: 0x7c };

export interface Operation {
  readonly opcode: number;
  readonly operands: readonly Letter[];
  readonly result: Letter;
}

type Run = readonly [first: number, last: number, operands: string, result: Letter];

/** All numeric instructions, by runs of equal type. */
const RUNS: readonly Run[] = [
  [0x45, 0x45, "i", "i"],
  [0x46, 0x4f, "ii", "i"],
  [0x50, 0x50, "I", "i"],
  [0x51, 0x5a, "II", "i"],
  [0x5b, 0x60, "ff", "i"],
  [0x61, 0x66, "FF", "i"],
  [0x67, 0x69, "i", "i"],
  [0x6a, 0x78, "ii", "i"],
  [0x79, 0x7b, "I", "I"],
  [0x7c, 0x8a, "II", "I"],
  [0x8b, 0x91, "f", "f"],
  [0x92, 0x98, "ff", "f"],
  [0x99, 0x9f, "F", "F"],
  [0xa0, 0xa6, "FF", "F"],
  [0xa7, 0xa7, "I", "i"],
  [0xa8, 0xa9, "f", "i"],
  [0xaa, 0xab, "F", "i"],
  [0xac, 0xad, "i", "I"],
  [0xae, 0xaf, "f", "I"],
  [0xb0, 0xb1, "F", "I"],
  [0xb2, 0xb3, "i", "f"],
  [0xb4, 0xb5, "I", "f"],
  [0xb6, 0xb6, "F", "f"],
  [0xb7, 0xb8, "i", "F"],
  [0xb9, 0xba, "I", "F"],
  [0xbb, 0xbb, "f", "F"],
  [0xbc, 0xbc, "f", "i"],
  [0xbd, 0xbd, "F", "I"],
  [0xbe, 0xbe, "i", "f"],
  [0xbf, 0xbf, "I", "F"],
  [0xc0, 0xc1, "i", "i"],
  [0xc2, 0xc4, "I", "I"],
  [0xfc00, 0xfc01, "f", "i"],
  [0xfc02, 0xfc03, "F", "i"],
  [0xfc04, 0xfc05, "f", "I"],
  [0xfc06, 0xfc07, "F", "I"],
];

const operations: readonly Operation[] = RUNS.flatMap(([first, last, operands, result]) =>
  Array.from({ length: last - first + 1 }, (_, index) => ({
    opcode: first + index,
    operands: [...operands] as Letter[],
    result,
  })),
);

/** The numeric instructions that give each type. */
export const operationsOf: Readonly<Record<Letter, readonly Operation[]>> = {
  i: operations.filter(({ result }) => result === "i"),
  I: operations.filter(({ result }) => result === "I"),
  f: operations.filter(({ result }) => result === "f"),
  F: operations.filter(({ result }) => result === "F"),
};

/** Integer divisions and remainders: they trap on zero. */
export function divides(opcode: number): boolean {
  return (opcode >= 0x6d && opcode <= 0x70) || (opcode >= 0x7f && opcode <= 0x82);
}

export function copiesSign(opcode: number): boolean {
  return opcode === 0x98 || opcode === 0xa6;
}

/** Conversions to integers that trap on what does not fit. */
export function truncates(opcode: number): boolean {
  return (opcode >= 0xa8 && opcode <= 0xab) || (opcode >= 0xae && opcode <= 0xb1);
}

export interface Access {
  readonly opcode: number;
  /** log2 of the bytes moved: the greatest alignment. */
  readonly width: number;
}

const accesses = (list: readonly (readonly [number, number])[]): readonly Access[] =>
  list.map(([opcode, width]) => ({ opcode, width }));

export const loads: Readonly<Record<Letter, readonly Access[]>> = {
  i: accesses([
    [0x28, 2],
    [0x2c, 0],
    [0x2d, 0],
    [0x2e, 1],
    [0x2f, 1],
  ]),
  I: accesses([
    [0x29, 3],
    [0x30, 0],
    [0x31, 0],
    [0x32, 1],
    [0x33, 1],
    [0x34, 2],
    [0x35, 2],
  ]),
  f: accesses([[0x2a, 2]]),
  F: accesses([[0x2b, 3]]),
};

export const stores: Readonly<Record<Letter, readonly Access[]>> = {
  i: accesses([
    [0x36, 2],
    [0x3a, 0],
    [0x3b, 1],
  ]),
  I: accesses([
    [0x37, 3],
    [0x3c, 0],
    [0x3d, 1],
    [0x3e, 2],
  ]),
  f: accesses([[0x38, 2]]),
  F: accesses([[0x39, 3]]),
};

/** Where the NaN of every kind begin among the edges of both float types; they are four. */
export const NAN_EDGES = 4;

/** Edges of each type, as bits: among the floats infinities, zeros, NaN and the smallest. */
const EDGES: Readonly<Record<Letter, readonly bigint[]>> = {
  i: [0n, 1n, 2n, 7n, 31n, 255n, -1n, -128n, 0x7fffn, 0x10000n, 0x7fff_ffffn, -0x8000_0000n],
  I: [0n, 1n, 3n, 63n, -1n, 0x7fff_ffffn, 1n << 31n, 1n << 53n, (1n << 63n) - 1n, -(1n << 63n)],
  f: [
    ...[0n, 0x8000_0000n, 0x3f80_0000n, 0xff80_0000n],
    ...[0x7fc0_0000n, 0xffc0_0000n, 0x7f80_0001n, 0xffa5_5555n],
    ...[0xbf00_0000n, 0x7f80_0000n, 1n, 0x4f00_0000n, 0x5f00_0000n, 0x7f7f_ffffn],
    ...[0x4020_0000n, 0x4b80_0001n],
  ],
  F: [
    ...[0n, 1n << 63n, 0x3ff0n << 48n, 0xfff0n << 48n],
    ...[0x7ff8n << 48n, 0xfff8n << 48n, (0x7ff0n << 48n) | 1n, 0xfff4_5555_5555_5555n],
    ...[0xbfe0n << 48n, 0x7ff0n << 48n, 1n, 0x41e0n << 48n, 0x43e0n << 48n],
    ...[0x7fef_ffff_ffff_ffffn, 0x4004n << 48n, 0x3810n << 48n],
  ],
};

/** A constant: an edge, or for `random` not below the count of edges, something in between. */
export function constantOf(type: Letter, random: number): number[] {
  const edges = EDGES[type];
  const bits = edges[random] ?? BigInt(random) * 0x1_2345_6789n;
  if (type === "i") return [0x41, ...signed(BigInt.asIntN(32, bits))];
  if (type === "I") return [0x42, ...signed(BigInt.asIntN(64, bits))];
  const size = type === "f" ? 4 : 8;
  const bytes = Array.from({ length: size }, (_, at) => Number((bits >> BigInt(8 * at)) & 0xffn));
  return [type === "f" ? 0x43 : 0x44, ...bytes];
}

/** An opcode as bytes; those behind the prefix are two bytes wide. */
export function encoded(opcode: number): number[] {
  return opcode <= 0xff ? [opcode] : [opcode >> 8, opcode & 0xff];
}
