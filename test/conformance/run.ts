/**
 * `node test/conformance/run.ts DIR`: runs a directory of scripts in the form of `wast2json`.
 *
 * Prints failures, skips by reason and, last, `N passed, N failed`; exits with 1 if anything failed.
 *
 * @module
 */
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { runScript } from "#test/conformance/runner.ts";
import { Tally } from "#test/conformance/tally.ts";

/** The WebAssembly core test suite beside the project, or where `WASM_SPEC_DIR` says. */
export function suiteFolder(): string {
  const beside = join(import.meta.dirname, "../../../shared/wasm-spec");
  return resolve(process.env["WASM_SPEC_DIR"] ?? beside);
}

/** The scripts of a folder and those in it, sorted; none if it does not exist. */
export function scriptsOf(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".json"))
    .toSorted()
    .map((file) => join(folder, file));
}

if (import.meta.main) {
  const folder = process.argv[2] ?? suiteFolder();
  const scripts = scriptsOf(folder);
  if (scripts.length === 0)
    console.error(`No scripts in ${folder}: give a directory or set WASM_SPEC_DIR.`);
  const tally = new Tally();
  for (const path of scripts) tally.add(runScript(path));
  for (const line of tally.lines()) console.log(line);
  if (tally.failures.length > 0 || tally.passed === 0) process.exitCode = 1;
}
