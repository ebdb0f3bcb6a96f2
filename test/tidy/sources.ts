/**
 * The source files that the tidy rules look at, and what each imports.
 *
 * @module
 */
import { globSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";

export const root: string = join(import.meta.dirname, "..", "..");

export interface Source {
  /** Path from the root of the project, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Everything TypeScript that ships or is trusted. Contracts are AssemblyScript and not in it. */
export const productFolders = [
  "runtime",
  "host",
  "worker",
  "sdk/client",
  "sdk/testing",
  "sdk/transform",
] as const;

/** Contracts that tests compile lie in `fixtures` or `contracts` folders below a test's own. */
function isAssemblyScript(path: string): boolean {
  return path.includes("/fixtures/") || /^test\/.+\/contracts\//.test(path);
}

/** Reads the `.ts` files below the given folders, in the order of their paths. */
export function readSources(folders: readonly string[], base: string = root): Source[] {
  const found = folders.flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: base }));
  return found
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => !isAssemblyScript(path))
    .toSorted()
    .map((path) => ({ path, text: readFileSync(join(base, path), "utf8") }));
}

/** Source text without comments that start a line, so that prose is not taken for code. */
export function withoutComments(text: string): string {
  return text.replaceAll(/^[ \t]*\/\*[\s\S]*?\*\//gm, "").replaceAll(/^[ \t]*\/\/.*$/gm, "");
}

/** What a file imports: literal specifiers of `import`, `export … from` and `import()`. */
export function importsOf({ text }: Source): string[] {
  const pattern = /(?:\bfrom|\bimport)\s*\(?\s*["']([^"'\n]+)["']/g;
  return [...withoutComments(text).matchAll(pattern)].map((match) => match[1] ?? "");
}

/** The path an import leads to, from the root of the project, or undefined for a package. */
export function targetOf(source: Source, specifier: string): string | undefined {
  if (specifier.startsWith(".")) return posix.join(posix.dirname(source.path), specifier);
  if (!specifier.startsWith("#")) return undefined;
  const [alias = "", ...rest] = specifier.slice(1).split("/");
  const inRuntime = !["host", "worker", "sdk", "test"].includes(alias);
  return posix.join(inRuntime ? "runtime" : "", alias, ...rest);
}

/** Lines that hold code: neither blank nor comment. */
export function codeLines({ text }: Source): number {
  return withoutComments(text)
    .split("\n")
    .filter((line) => line.trim() !== "").length;
}

/** The first folder of a path: `../` must not leave it. */
export function topOf(path: string): string {
  return path.split("/")[0] ?? dirname(path);
}
