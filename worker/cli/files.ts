/**
 * Files that the user names: reading them with errors he understands, writing them without overwriting.
 *
 * @module
 */
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { abiOf, parseAbiText, type Abi } from "#sdk/client/index.ts";
import { makeDirectory } from "#sdk/transform/make-directory.ts";
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

/** The ABI in an `.abi.json` file or in a component. @throws {@link WorkerError} `ABI_INVALID`. */
export function readAbi(path: string): Abi {
  const bytes = readFile(path);
  const isComponent = bytes.toString("latin1", 0, 4) === "\0asm";
  try {
    return isComponent ? abiOf(bytes) : parseAbiText(bytes.toString("utf8"));
  } catch (cause) {
    throw new WorkerError("ABI_INVALID", { subject: path, cause });
  }
}

/**
 * Writes a file that must not exist yet.
 *
 * @throws {@link WorkerError} `FILE_EXISTS` or `FILE_UNWRITABLE`.
 */
export function writeNew(path: string, text: string, mode: number): void {
  let file: number;
  try {
    file = openSync(path, "wx", mode);
  } catch (cause) {
    const reason = systemCode(cause) === "EEXIST" ? "FILE_EXISTS" : "FILE_UNWRITABLE";
    throw new WorkerError(reason, { subject: withReason(path, cause), cause });
  }
  try {
    writeFileSync(file, text);
  } catch (cause) {
    // Half a file would be in the way of the next try.
    rmSync(path, { force: true });
    throw new WorkerError("FILE_UNWRITABLE", { subject: withReason(path, cause), cause });
  } finally {
    closeSync(file);
  }
}

/** Makes a directory and those above it. @throws {@link WorkerError} `FILE_UNWRITABLE`. */
export function makeFolder(path: string): void {
  try {
    makeDirectory(path);
  } catch (cause) {
    throw new WorkerError("FILE_UNWRITABLE", { subject: withReason(path, cause), cause });
  }
}
