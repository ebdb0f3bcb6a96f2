/**
 * Files that the user names: reading them with errors he understands, writing them without overwriting.
 *
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs";
import { systemCode, withReason, WorkerError } from "#worker/error.ts";

/** @throws {@link WorkerError} `FILE_UNREADABLE`. */
export function readFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new WorkerError("FILE_UNREADABLE", { subject: withReason(path, cause), cause });
  }
}

export function readText(path: string): string {
  return readFile(path).toString("utf8");
}

/**
 * Writes a file that must not exist yet.
 *
 * @throws {@link WorkerError} `FILE_EXISTS` or `FILE_UNWRITABLE`.
 */
export function writeNew(path: string, text: string, mode: number): void {
  try {
    writeFileSync(path, text, { flag: "wx", mode });
  } catch (cause) {
    const reason = systemCode(cause) === "EEXIST" ? "FILE_EXISTS" : "FILE_UNWRITABLE";
    throw new WorkerError(reason, { subject: withReason(path, cause), cause });
  }
}
