/**
 * Finds this package's own folder, from the TypeScript sources as well as from the bundle in `dist`.
 *
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

interface PackageFile {
  readonly name: string;
  readonly version: string;
}

export interface PackageRoot {
  readonly path: string;
  readonly version: string;
}

/** The nearest folder above this file that holds the package `hermetic`. */
export function findPackageRoot(from: string = import.meta.dirname): PackageRoot {
  for (let path = from; ; path = dirname(path)) {
    const file = join(path, "package.json");
    if (existsSync(file)) {
      const { name, version } = JSON.parse(readFileSync(file, "utf8")) as PackageFile;
      if (name === "hermetic") return { path, version };
    }
    if (dirname(path) === path) throw new Error("the package 'hermetic' is not complete");
  }
}
