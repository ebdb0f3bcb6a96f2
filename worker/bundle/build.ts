/**
 * `npm run build`: the enclave, the published files and their declarations, all into `dist`.
 *
 * `--enclave` builds the enclave alone.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeEnclave } from "./enclave.ts";
import { entries, writePackage } from "./package.ts";
import { writeTypes } from "./types.ts";

const { values } = parseArgs({ options: { enclave: { type: "boolean" } } });
const root = join(import.meta.dirname, "..", "..");
const dist = join(root, "dist");
/** Projects whose declarations are published. */
const published = ["sdk/client", "sdk/testing", "sdk/transform"];

if (values.enclave !== true) {
  removeAllBut(dist, "enclave.mjs");
  const files = await writePackage(root, dist, entries);
  const { status } = spawnSync("tsc", ["-b", ...published], { cwd: root, stdio: "inherit" });
  if (status !== 0) throw new Error("The sources do not compile: nothing to publish.");
  const types = writeTypes(
    join(root, "build", "types"),
    join(dist, "types"),
    Object.values(entries).filter((source) => source.startsWith("sdk/")),
  );
  console.log(`dist: ${files.join(", ")} and ${types.length} declarations`);
}
const { measurement } = await writeEnclave(root, join(dist, "enclave.mjs"));
console.log(`dist/enclave.mjs: measurement ${measurement}`);

/** The enclave stays until it is replaced in one step: a worker may be starting from it. */
function removeAllBut(folder: string, kept: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (name !== kept) rmSync(join(folder, name), { recursive: true });
  }
}
