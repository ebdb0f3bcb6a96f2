/**
 * Statements for random programs that touch everything else: memory, 64-bit and float arithmetic, growth,
 * bulk operations, and what may never end or may trap.
 *
 * @module
 */
import { block, brIf, call, constant, get, loop, set, u32, type Code } from "#test/support/wasm.ts";

/** Draws a number below its argument. */
export type Draw = (below: number) => number;

export interface Surroundings {
  readonly draw: Draw;
  /** A local to read and write, an i32. */
  readonly scratch: number;
  readonly functions: { readonly first: number; readonly count: number; readonly type: number };
  readonly inner: () => readonly number[];
}

export const WILD_STATEMENTS = 11;

const LOADS = [0x28, 0x2c, 0x2d, 0x2e, 0x2f];
const WIDE_LOADS = [0x29, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35];
const NARROW_STORES = [0x36, 0x3a, 0x3b];
const WIDE_STORES = [0x37, 0x3c, 0x3d, 0x3e];
const I32_BINARY = 0x6a;
const BINARIES = 15;
const WRAP = 0xa7;
const EXTEND = [0xac, 0xad];

/** One statement; the program's generator asks for the kinds from 0 to `WILD_STATEMENTS - 1`. */
export function wildStatement(kind: number, around: Surroundings): Code {
  const { draw, scratch } = around;
  const value = get(draw(4));
  const store = (code: Code): number[] => [...code, ...set(scratch)];
  switch (kind) {
    case 0:
      return store([...address(draw), ...access(pick(draw, LOADS), draw)]);
    case 1:
      return store([...address(draw), ...access(pick(draw, WIDE_LOADS), draw), WRAP]);
    case 2:
      return [...address(draw), ...value, ...access(pick(draw, NARROW_STORES), draw)];
    case 3:
      return [...address(draw), ...wide(draw), ...access(pick(draw, WIDE_STORES), draw)];
    case 4:
      return store([...value, ...get(draw(4)), I32_BINARY + draw(BINARIES)]);
    case 5:
      return store([...wide(draw), ...wide(draw), 0x7c + draw(BINARIES), WRAP]);
    case 6:
      return floatStatement(around);
    case 7:
      return growth(draw, scratch);
    case 8:
      return bulk(draw);
    case 9:
      return endless(around);
    default:
      return store([...value, pick(draw, [0x45, 0x67, 0x68, 0x69, 0xc0, 0xc1])]);
  }
}

function pick(draw: Draw, from: readonly number[]): number {
  return from[draw(from.length)] ?? 0;
}

/** An address mostly inside the first page; sometimes anything. */
function address(draw: Draw): number[] {
  const any = get(draw(4));
  return draw(12) === 0 ? any : [...any, ...constant(0xfff8), 0x71];
}

function access(opcode: number, draw: Draw): number[] {
  return [opcode, 0, ...u32(pick(draw, [0, 0, 0, 1, 8, 0xffff, 0xffff_ffff]))];
}

/** An i64 made of locals. */
function wide(draw: Draw): number[] {
  const low = [...get(draw(4)), pick(draw, EXTEND)];
  const high = [...get(draw(4)), pick(draw, EXTEND), 0x42, 32, 0x86];
  return draw(2) === 0 ? low : [...low, ...high, 0x7c];
}

/** A float made of locals, of either width: any value, NaN and infinities among them. */
function float(draw: Draw, isDouble: boolean): number[] {
  const converts = isDouble ? [0xb7, 0xb8] : [0xb2, 0xb3];
  if (draw(3) > 0) return [...get(draw(4)), pick(draw, converts)];
  return isDouble ? [...wide(draw), 0xbf] : [...get(draw(4)), 0xbe];
}

function floatStatement({ draw, scratch }: Surroundings): number[] {
  const isDouble = draw(2) === 0;
  const one = (): number[] => float(draw, isDouble);
  const first = isDouble ? 0x99 : 0x8b;
  const computed =
    draw(3) === 0 ? [...one(), first + draw(7)] : [...one(), ...one(), first + 7 + draw(7)];
  switch (draw(5)) {
    case 0:
      return [...address(draw), ...computed, ...access(isDouble ? 0x39 : 0x38, draw)];
    case 1:
      return [...computed, ...(isDouble ? [0xbd, WRAP] : [0xbc]), ...set(scratch)];
    case 2:
      return [...computed, (isDouble ? 0xaa : 0xa8) + draw(2), ...set(scratch)];
    case 3:
      return [...computed, ...one(), (isDouble ? 0x61 : 0x5b) + draw(6), ...set(scratch)];
    default:
      return [...computed, 0xfc, (isDouble ? 6 : 4) + draw(2), WRAP, ...set(scratch)];
  }
}

function growth(draw: Draw, scratch: number): number[] {
  if (draw(2) === 0) return [0x3f, 0, ...set(scratch)];
  const pages = draw(6) === 0 ? get(draw(4)) : constant(draw(3));
  return [...pages, 0x40, 0, ...set(scratch)];
}

function bulk(draw: Draw): number[] {
  const length = draw(10) === 0 ? get(draw(4)) : constant(draw(300));
  const [from, to] = [address(draw), address(draw)];
  return draw(2) === 0
    ? [...to, ...get(draw(4)), ...length, 0xfc, 11, 0]
    : [...to, ...from, ...length, 0xfc, 10, 0, 0];
}

/** Rarely: a loop or a recursion that nothing bounds, or a call of no function. */
function endless({ draw, scratch, functions, inner }: Surroundings): Code {
  const { first, count, type } = functions;
  switch (draw(9)) {
    case 0:
      return loop([...inner(), ...get(scratch), ...brIf(0)]);
    case 1:
      return [...get(scratch), ...call(first + draw(count)), ...set(scratch)];
    case 2:
      return [...get(scratch), ...get(draw(4)), 0x11, ...u32(type), 0, ...set(scratch)];
    case 3:
      return [
        ...get(scratch),
        ...constant(draw(count + 2)),
        0x11,
        ...u32(type + draw(2)),
        0,
        ...set(scratch),
      ];
    default:
      return block([...get(draw(4)), ...get(draw(4)), ...get(scratch), 0x1b, ...set(scratch)]);
  }
}
