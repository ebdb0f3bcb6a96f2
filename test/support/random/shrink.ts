/**
 * Makes a failing tape short: takes out what is not needed for it to fail.
 *
 * @module
 */

/** @param fails - Whether a tape still fails; it is asked at most `tries` times. */
export function shrink(
  tape: readonly number[],
  fails: (tape: readonly number[]) => boolean,
  tries: number = 2_000,
): readonly number[] {
  let best = tape;
  let left = tries;
  for (let size = Math.ceil(best.length / 2); size > 0; size = Math.floor(size / 2)) {
    for (let at = 0; at < best.length && left > 0; left--) {
      const shorter = best.toSpliced(at, size);
      if (fails(shorter)) best = shorter;
      else at += size;
    }
  }
  return best;
}
