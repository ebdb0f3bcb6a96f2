/**
 * Runs once before all tests: builds the enclave from the sources as they are now.
 *
 * A bundle that does not build is removed, so that no test passes on a stale one.
 *
 * @module
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { writeEnclave } from "#worker/bundle/enclave.ts";

export default async function setup(): Promise<void> {
  const root = join(import.meta.dirname, "..");
  const file = join(root, "dist", "enclave.mjs");
  try {
    await writeEnclave(root, file);
  } catch (error) {
    rmSync(file, { force: true });
    process.stderr.write(`The enclave bundle does not build: ${String(error)}\n`);
  }
}
