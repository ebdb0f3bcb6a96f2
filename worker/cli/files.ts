/**
 * Files that the user names: reading them with errors he understands, writing them without overwriting.
 *
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs";
import { abiOf, type Abi } from "#sdk/client/index.ts";
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

/** The ABI of a component. @throws {@link WorkerError} `ARTEFACT_INVALID`. */
export function abiIn(path: string, component: Uint8Array): Abi {
  try {
    return abiOf(component);
  } catch (cause) {
    throw new WorkerError("ARTEFACT_INVALID", { subject: path, cause });
  }
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
