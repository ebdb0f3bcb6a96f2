/**
 * Counters of a coverage build. No contract that is deployed holds any of this.
 *
 * @module
 */

/** Where the counters begin, below everything that the compiler places. */
const COUNTERS: usize = 8;

/** Counts. */
export function hit(probe: u32): void {
  const at = COUNTERS + 4 * <usize>probe;
  store<u32>(at, load<u32>(at) + 1);
}

/** Counts, and lets an `&&` go on. */
export function yes(probe: u32): bool {
  hit(probe);
  return true;
}

/** Counts, and lets an `||` go on. */
export function no(probe: u32): bool {
  hit(probe);
  return false;
}
