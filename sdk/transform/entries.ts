/**
 * Which files are contracts.
 *
 * @module
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { BuildError } from "./build-error.ts";
import { diagnosticOf } from "./diagnostic.ts";

const DECORATED = /^\s*@contract\b/m;
const SOURCE = /(?<!\.d|\.test|\.abi)\.ts$/;
const SKIPPED = /^(\.|node_modules$)/;

/**
 * The absolute paths of the contract files that `entry` means, in one order on every machine.
 *
 * @throws {@link BuildError} `HRM3009` if there is none.
 */
export async function findEntries(entry: string): Promise<string[]> {
  const path = resolve(entry);
  const kind = await kindOf(path);
  if (kind === "file" && path.endsWith(".ts")) return [path];
  const found = kind === "directory" ? await search(path) : [];
  if (found.length === 0) {
    throw new BuildError([diagnosticOf("HRM3009", `there is no contract at ${path}`)]);
  }
  return found;
}

async function kindOf(path: string): Promise<"file" | "directory" | undefined> {
  try {
    const stats = await stat(path);
    return stats.isDirectory() ? "directory" : "file";
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function search(directory: string): Promise<string[]> {
  const items = await readdir(directory, { withFileTypes: true });
  const found: string[] = [];
  for (const item of items.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(directory, item.name);
    if (SKIPPED.test(item.name)) continue;
    if (item.isDirectory()) found.push(...(await search(path)));
    else if (SOURCE.test(item.name) && DECORATED.test(await readFile(path, "utf8"))) {
      found.push(path);
    }
  }
  return found;
}
