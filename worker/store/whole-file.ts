/**
 * Files that are replaced as a whole: at any moment the old bytes or the new ones, never a mixture.
 *
 * @module
 */
import { open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { systemCode, withReason, WorkerError } from "#worker/error.ts";

/** Only the operator's own account reads what is in a data directory. */
const MODE = 0o600;

/**
 * Writes a file durably: draft, fsync, rename, fsync of the directory.
 *
 * @throws {@link WorkerError} `DATA_WRITE` if the disk refuses; the old file is still there.
 */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const draft = `${path}.tmp`;
  try {
    const file = await open(draft, "w", MODE);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
    await syncDirectory(dirname(path));
  } catch (error) {
    throw writeError(path, error);
  }
}

/** Removes a file, if there is one. @throws {@link WorkerError} `DATA_WRITE` if the disk refuses, or it is none. */
export async function removeFile(path: string): Promise<void> {
  try {
    await rm(path, { force: true });
  } catch (error) {
    throw writeError(path, error);
  }
}

/** Makes a rename or removal in this directory durable. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** @returns Nothing when there is no such file. @throws {@link WorkerError} `DATA_READ`. */
export async function readWhole(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw new WorkerError("DATA_READ", { subject: withReason(path, error), cause: error });
  }
}

export function writeError(path: string, error: unknown): WorkerError {
  if (error instanceof WorkerError) return error;
  return new WorkerError("DATA_WRITE", { subject: withReason(path, error), cause: error });
}
