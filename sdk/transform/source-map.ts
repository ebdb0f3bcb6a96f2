/**
 * Completes the compiler's source map.
 *
 * The text of the author's files goes in, so that a trace can show lines without the sources at hand.
 * Marks for "no position" go out: the call behind a failure rarely has a position of its own, and
 * the one before it in the same method is what the author wants to see.
 *
 * The map stays with the author; it is never uploaded.
 *
 * @module
 */
import { decodedMappings, encodedMappings, TraceMap } from "@jridgewell/trace-mapping";
import type { SourceFiles } from "./source-files.ts";

/** @param fields - What else the map is to hold, by names that begin with `x_`. */
export function finishMap(map: string, fields: object, files: SourceFiles): string {
  const raw = new TraceMap(map);
  const mappings = decodedMappings(raw).map((line) => line.filter(({ length }) => length > 1));
  const sources = raw.sources.map((path) => path ?? "");
  const authored = new Map(files.authored().map(({ path, text }) => [path, text]));
  const sourcesContent = sources.map((path) => authored.get(path) ?? null);
  const positioned = new TraceMap({ version: 3, sources, names: [], mappings: [...mappings] });
  const encoded = encodedMappings(positioned);
  return JSON.stringify({
    version: 3,
    sources,
    sourcesContent,
    names: [],
    mappings: encoded,
    ...fields,
  });
}
