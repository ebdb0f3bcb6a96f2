/**
 * This package: where it lies, what version it is, and where it was installed from.
 *
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { findPackageRoot } from "#sdk/transform/package-root.ts";
import { WorkerError } from "#worker/error.ts";

const NAME = "hermetic";

export const packageRoot: string = findPackageRoot(import.meta.dirname).path;
export const packageVersion: string = findPackageRoot(import.meta.dirname).version;

/** The bundle of the enclave that this package brings. */
export const enclaveBundle: string = join(packageRoot, "dist", "enclave.mjs");

interface Manifest {
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** The version of a tool that this package itself is tested with. */
export function testedVersion(tool: string): string {
  const text = readFileSync(join(packageRoot, "package.json"), "utf8");
  const version = (JSON.parse(text) as Manifest).devDependencies?.[tool];
  return version ?? "*";
}

/**
 * What a new project writes to depend on this very package: its tarball, its address, or its directory.
 *
 * Never a bare name or version: whoever owns that name in a registry would own the project.
 *
 * @throws {@link WorkerError} `PACKAGE_SOURCE_UNKNOWN` if its tarball is gone and it cannot be linked.
 */
export function packageSpecifier(root: string = packageRoot): string {
  const modules = dirname(root);
  if (basename(modules) !== "node_modules") return `file:${root}`;
  const resolved = resolvedFrom(modules, basename(root));
  if (resolved === undefined) return `file:${root}`;
  if (!resolved.startsWith("file:")) return resolved;
  const path = resolve(dirname(modules), resolved.slice("file:".length));
  if (existsSync(path)) return `file:${path}`;
  if (existsSync(root)) return `file:${root}`;
  throw new WorkerError("PACKAGE_SOURCE_UNKNOWN", { subject: path });
}

interface HiddenLock {
  readonly packages?: Readonly<Record<string, { readonly resolved?: string }>>;
}

/** npm notes in a hidden lock file where each installed package came from. */
function resolvedFrom(modules: string, name: string): string | undefined {
  for (const file of [
    join(modules, ".package-lock.json"),
    join(dirname(modules), "package-lock.json"),
  ]) {
    if (!existsSync(file)) continue;
    const { packages } = JSON.parse(readFileSync(file, "utf8")) as HiddenLock;
    const resolved = packages?.[`node_modules/${name === "" ? NAME : name}`]?.resolved;
    if (resolved !== undefined) return resolved;
  }
  return undefined;
}
