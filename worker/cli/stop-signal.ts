/**
 * The wish to stop: what a terminal or a service manager sends.
 *
 * @module
 */

/** Resolves with the name of the first signal that asks to stop; the process goes on until it ends itself. */
export function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.once(signal, () => resolve(signal));
    }
  });
}
