/**
 * The power to do something later, for the parts of HTTP that know no clock.
 *
 * @module
 */

/** @returns Calls it off. */
export function after(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
