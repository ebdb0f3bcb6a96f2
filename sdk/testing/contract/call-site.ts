/**
 * Stack traces of failed calls: the contract's line first, then the test's.
 *
 * @module
 */
/** Where a call was made: read only if it fails. */
export interface CallSite {
  readonly stack?: string;
}

/** @param entry - The function of the kit that was called: the trace begins at its caller. */
export function callSite(entry: (...args: never[]) => unknown): CallSite {
  const site: CallSite = {};
  Error.captureStackTrace(site, entry);
  return site;
}

/** Gives an error the trace of a place, with some frames of a contract above it. */
export function tracedTo<E extends Error>(
  { stack = "" }: CallSite,
  error: E,
  frames: readonly string[] = [],
): E {
  const [, ...calling] = stack.split("\n");
  const [head = ""] = (error.stack ?? "").split("\n    at ");
  error.stack = [head, ...frames, ...calling].join("\n");
  return error;
}

/** Runs a call; an error it ends with points at the contracts' lines, and at the place of the call. */
export async function withCallSite<T>(
  site: CallSite,
  framesOf: (error: Error) => readonly string[],
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof Error) tracedTo(site, error, framesOf(error));
    throw error;
  }
}
