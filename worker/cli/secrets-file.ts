/**
 * Secrets of a contract: a JSON file of texts by name.
 *
 * @module
 */
import { parseJson } from "#worker/cli/arguments.ts";
import { readText } from "#worker/cli/files.ts";
import { WorkerError } from "#worker/error.ts";

/**
 * Secrets come from a file: a command line can be read by others.
 *
 * @throws {@link WorkerError} `FILE_UNREADABLE` or `ARGUMENTS_INVALID`.
 */
export function readSecrets(path: string): Record<string, string> {
  const value = parseJson(path, readText(path));
  const entries = Object.entries(Object(value) as object);
  if (entries.some(([, each]) => typeof each !== "string")) {
    throw new WorkerError("ARGUMENTS_INVALID", { subject: `${path} is not an object of texts` });
  }
  return Object.fromEntries(entries) as Record<string, string>; // checked above
}
