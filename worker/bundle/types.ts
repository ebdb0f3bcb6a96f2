/**
 * Publishes the declarations of the public entries, and of all that they mention.
 *
 * In the repository they import each other by alias; an installed package has no such folders, so
 * each alias becomes a relative path.
 *
 * @module
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";

/** Matches the specifier of an import, an export or an import type. */
const SPECIFIER = /(\bfrom\s*|\bimport\s*\(?\s*)"([.#][^"]+)\.ts"/g;

/**
 * Copies declarations from the compiler's output.
 *
 * @param from - Where `tsc -b` has put the declarations of the whole tree.
 * @param to - Folder to publish them in.
 * @param sources - Public entries, from the root of the project.
 * @returns The copied files, from the root of the project.
 */
export function writeTypes(from: string, to: string, sources: readonly string[]): string[] {
  const aliases = readAliases(join(from, "..", ".."));
  const seen = new Set<string>();
  const waiting = sources.map((source) => source.replace(/\.ts$/, ""));
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const file = name;
    const text = readFileSync(join(from, `${file}.d.ts`), "utf8");
    const published = text.replaceAll(SPECIFIER, (_, keyword: string, specifier: string) => {
      const target = resolve(file, specifier, aliases);
      waiting.push(target);
      return `${keyword}"${relative(file, target)}.js"`;
    });
    const output = join(to, `${file}.d.ts`);
    mkdirSync(dirname(output), { recursive: true });
    writeFileSync(output, published);
  }
  return [...seen].toSorted();
}

/** `#protocol/` → `runtime/protocol/`, from the manifest's `imports`. */
function readAliases(root: string): readonly (readonly [alias: string, folder: string])[] {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    imports: Record<string, string>;
  };
  return Object.entries(manifest.imports).map(([alias, folder]) => [
    alias.replace(/\*$/, ""),
    posix.normalize(folder.replace(/\*$/, "")),
  ]);
}

function resolve(from: string, specifier: string, aliases: ReturnType<typeof readAliases>): string {
  if (specifier.startsWith(".")) return posix.join(posix.dirname(from), specifier);
  const found = aliases.find(([alias]) => specifier.startsWith(alias));
  if (found === undefined) throw new Error(`${from} imports ${specifier}, which is no alias`);
  return found[1] + specifier.slice(found[0].length);
}

function relative(from: string, target: string): string {
  const path = posix.relative(posix.dirname(from), target);
  return path.startsWith(".") ? path : `./${path}`;
}
