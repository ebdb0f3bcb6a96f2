/**
 * Builds a folder of contracts as an author does: by `hermetic build`, in a process of its own.
 *
 * A process of its own because the enclave's V8 flags, under which contracts are measured, slow the compiler down.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { temporaryDirectory } from "#test/bench/load/worker.ts";

const CLI = join(import.meta.dirname, "../../../worker/cli/main.ts");

/** The components of all contracts in `folder`, by the names of their files. */
export function buildContracts(folder: string): ReadonlyMap<string, Uint8Array> {
  const output = temporaryDirectory();
  try {
    const command = ["--conditions=hermetic-source", CLI, "build", folder, "--out", output.path];
    execFileSync(process.execPath, command, { stdio: ["ignore", "ignore", "inherit"] });
    const files = readdirSync(output.path).filter((file) => file.endsWith(".wasm"));
    return new Map(
      files.map((file) => [basename(file, ".wasm"), readFileSync(join(output.path, file))]),
    );
  } finally {
    output.remove();
  }
}
