/**
 * The wish to stop: what a terminal or a service manager sends.
 *
 * @module
 */

/**
 * Milliseconds in which the same signal again is the same wish: the terminal sends Ctrl-C to every process
 * of a command, and npm and an older Node pass theirs on. Later it ends the process at once.
 */
const SAME_WISH_MS = 2_000;

/** Resolves with the name of the first signal that asks to stop; the process goes on until it ends itself. */
export function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    const take = (signal: string): void => {
      resolve(signal);
      setTimeout(() => process.off(signal, take), SAME_WISH_MS).unref();
    };
    for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, take);
  });
}
