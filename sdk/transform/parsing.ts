/**
 * Gives the parser a file, and every file that one asks for.
 *
 * @module
 */
import * as asc from "assemblyscript";
import { libraryFiles } from "assemblyscript/asc";
import { repaired } from "./library-repairs.ts";
import { repairParser } from "./parser-repairs.ts";
import type { SourceFiles } from "./source-files.ts";

const LIBRARY = "~lib/";
const RUNTIME = "rt/index-stub";

/**
 * @param entry - Path of the file inside the program.
 * @param isRoot - Whether its exports become those of the module; a contract's are made by the transform.
 */
export async function parseProgram(
  program: asc.Program,
  entry: string,
  files: SourceFiles,
  isRoot = false,
): Promise<void> {
  repairParser(program.parser);
  for (const [name, text] of Object.entries(libraryFiles)) {
    if (!name.includes("/")) asc.parse(program, text, `${LIBRARY}${name}.ts`, false);
  }
  asc.parse(program, libraryFiles[RUNTIME] ?? null, `${LIBRARY}${RUNTIME}.ts`, true);
  const source = await files.find(entry.replace(/\.ts$/, ""), null);
  asc.parse(program, source?.text ?? null, entry, isRoot);
  await parseImports(program, files);
}

/** Parses what has been asked for until nothing more is; one by one, so that the order is fixed. */
export async function parseImports(program: asc.Program, files: SourceFiles): Promise<void> {
  for (let path = asc.nextFile(program); path !== null; path = asc.nextFile(program)) {
    const library = path.startsWith(LIBRARY) ? libraryOf(path) : undefined;
    const found = library ?? (await files.find(path, asc.getDependee(program, path)));
    const text = found && repaired(found.path.slice(LIBRARY.length, -".ts".length), found.text);
    asc.parse(program, text ?? null, found?.path ?? `${path}.ts`, false);
  }
}

function libraryOf(path: string): { readonly path: string; readonly text: string } | undefined {
  const name = path.slice(LIBRARY.length);
  for (const each of [name, `${name}/index`]) {
    const text = libraryFiles[each];
    if (text === undefined) continue;
    return { path: `${LIBRARY}${each}.ts`, text };
  }
  return undefined;
}
