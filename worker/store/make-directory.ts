/**
 * Makes a directory and those above it, each for the operator's own account alone.
 *
 * Node's own recursive `mkdir` never ends where the system says `ENOENT` of a directory whose parent is
 * there, as everywhere below `/proc`: this goes down from the root, one step for each name.
 *
 * @module
 */
import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { systemCode, withReason, WorkerError } from "#worker/error.ts";

const MODE = 0o700;
/** What `stat` says where nothing is, or where something above is a file. */
const NOTHING: readonly (string | undefined)[] = ["ENOENT", "ENOTDIR"];

/** @throws {@link WorkerError} `DATA_CREATE`, about the first directory that cannot be made or looked at. */
export async function makeDirectory(path: string): Promise<void> {
  const missing: string[] = [];
  for (let at = resolve(path); !(await isDirectory(at)); at = dirname(at)) missing.push(at);
  for (const directory of missing.toReversed()) {
    try {
      await mkdir(directory, { mode: MODE });
    } catch (error) {
      // Another process may have been faster.
      if (!(await isDirectory(directory))) throw createError(directory, error);
    }
  }
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (NOTHING.includes(systemCode(error))) return false;
    throw createError(path, error);
  }
}

function createError(path: string, cause: unknown): WorkerError {
  return new WorkerError("DATA_CREATE", { subject: withReason(path, cause), cause });
}
