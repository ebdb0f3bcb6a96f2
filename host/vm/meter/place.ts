/**
 * Where a function stands, for refusals of what no single instruction is to blame for.
 *
 * @module
 */
import { section, type CoreModule } from "#host/vm/decode/module.ts";
import type { Reader } from "#host/vm/decode/reader.ts";

/** A reader that names a function in what it refuses. @param node - Its index among the module's own. */
export function placeOf(module: CoreModule, node: number): Reader {
  const reader = module.open(module.bodies[node] ?? { start: 0, end: 0 });
  reader.section = section.code;
  reader.begin(module.importedFunctions + node);
  return reader;
}
