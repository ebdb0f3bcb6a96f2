/**
 * Tapes for random modules: by fast-check, which shrinks them, or by number, the same on every machine.
 *
 * @module
 */
import fc from "fast-check";

const LENGTH_MIN = 5;
const LENGTH_MAX = 800;
const NUMBER_MAX = 1 << 16;

/** Any tape. Without `size` the generator would stop at some fifteen numbers, a line or two of code. */
export const tapes: fc.Arbitrary<number[]> = fc.noBias(
  fc.array(fc.nat(NUMBER_MAX), { minLength: LENGTH_MIN, maxLength: LENGTH_MAX, size: "max" }),
);

/** The tape of a number: a stream of splitmix32 that begins there. */
export function tapeOf(seed: number): number[] {
  let state = Math.imul(seed, 0x9e37_79b9) ^ Math.floor(seed / 2 ** 32);
  const next = (below: number): number => {
    state = (state + 0x9e37_79b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0_aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a_2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) % below;
  };
  const length = LENGTH_MIN + next(LENGTH_MAX - LENGTH_MIN + 1);
  return Array.from({ length }, () => next(NUMBER_MAX));
}
