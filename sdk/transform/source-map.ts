/**
 * Completes the compiler's source map: the text of the author's files goes in, so that a trace can
 * show lines without the sources at hand. The map stays with the author; it is never uploaded.
 *
 * @module
 */
import type { SourceFiles } from "./source-files.ts";

interface SourceMap {
  readonly version: 3;
  readonly sources: readonly string[];
  readonly names: readonly string[];
  readonly mappings: string;
}

export function finishMap(map: string, files: SourceFiles): string {
  const { version, sources, names, mappings } = JSON.parse(map) as SourceMap;
  const authored = new Map(files.authored().map(({ path, text }) => [path, text]));
  const sourcesContent = sources.map((path) => authored.get(path) ?? null);
  return JSON.stringify({ version, sources, sourcesContent, names, mappings });
}
