/**
 * Libraries report a bad tag, key, point or signature by throwing; here that is an ordinary answer.
 *
 * @module
 */

/** What `compute` gives, or nothing if it throws. */
export function attempt<T>(compute: () => T): T | undefined {
  try {
    return compute();
  } catch {
    return undefined;
  }
}
