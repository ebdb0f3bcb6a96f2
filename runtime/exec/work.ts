/**
 * Work of the log that may have to wait in between: one text for what is done at once and what is not.
 *
 * Entries are executed again at every restart, with nobody to wait for, and beside queries while the enclave
 * serves. Both must come to the same state, so both run the same steps.
 *
 * @module
 */

/** Steps with waits between them. Who does it goes on when a wait has settled, or never again. */
export type Work<T> = Generator<Promise<void>, T, void>;

/** Does work that has no reason to wait. */
export function doAtOnce<T>(work: Work<T>): T {
  const step = work.next();
  if (step.done !== true) throw new Error("work that may not wait has waited");
  return step.value;
}

/** Waits for what a promise resolves to. */
export function* waitFor<T>(promise: Promise<T>): Work<T> {
  let settled: { readonly value: T } | undefined;
  yield promise.then((value) => void (settled = { value }));
  if (settled === undefined) throw new Error("work went on before what it waits for");
  return settled.value;
}
