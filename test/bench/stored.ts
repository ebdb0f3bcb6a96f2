/**
 * The newest run of each suite, as it lies in `test/bench/results`; older ones are in the history of the files.
 *
 * @module
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Machine } from "#test/bench/machine.ts";
import type { Row } from "#test/bench/row.ts";

const FOLDER = join(import.meta.dirname, "results");

export interface StoredRun {
  readonly machine: Machine;
  readonly rows: readonly Row[];
}

function fileOf(suite: string): string {
  return join(FOLDER, `${suite}.json`);
}

/** Keeps a run in place of the one before; gives the file. */
export function storeRun(suite: string, run: StoredRun): string {
  mkdirSync(FOLDER, { recursive: true });
  const file = fileOf(suite);
  writeFileSync(file, `${JSON.stringify(run, undefined, 2)}\n`);
  return file;
}

export function storedRun(suite: string): StoredRun | undefined {
  const file = fileOf(suite);
  if (!existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, "utf8")) as StoredRun;
}
