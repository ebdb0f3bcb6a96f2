/**
 * Finds the Node that runs the enclave: this process's own, or the one of the `node` package.
 *
 * Another version compiles contracts differently and lacks parts of the permission model, so an older
 * one is refused instead of tried.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { WorkerError } from "#worker/error.ts";

export const NODE_MAJOR_MIN = 26;

/** Milliseconds to wait for `node --version`. */
const VERSION_TIMEOUT_MS = 10_000;

export function majorOf(version: string): number {
  return Number(/^v?(\d+)\./.exec(version)?.[1] ?? 0);
}

/**
 * Path of a Node that is new enough.
 *
 * @throws {@link WorkerError} `ENCLAVE_NODE_MISSING` if there is none.
 */
export function findNode(): string {
  if (majorOf(process.version) >= NODE_MAJOR_MIN) return process.execPath;
  const packaged = packagedNode();
  if (packaged !== undefined && majorOf(versionOf(packaged)) >= NODE_MAJOR_MIN) return packaged;
  throw new WorkerError("ENCLAVE_NODE_MISSING", {
    subject: process.version,
    facts: { needed: NODE_MAJOR_MIN },
  });
}

/** The binary that the npm package `node` installed beside this one, if any. */
export function packagedNode(from: string = import.meta.url): string | undefined {
  try {
    const manifest = createRequire(from).resolve("node/package.json");
    const binary = join(dirname(manifest), "bin", "node");
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}

function versionOf(binary: string): string {
  try {
    const options = { encoding: "utf8", timeout: VERSION_TIMEOUT_MS } as const;
    return execFileSync(binary, ["--version"], options);
  } catch {
    return "";
  }
}
