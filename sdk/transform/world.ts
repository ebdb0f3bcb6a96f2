/**
 * The WIT world that is shipped with this package: what contracts import and export.
 *
 * @module
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";

export interface World {
  readonly source: string;
  /** Module names of its imports by interface: `state` is `hermetic:contract/state@0.1.0`. */
  readonly modules: ReadonlyMap<string, string>;
}

export async function readWorld(packageRoot: string): Promise<World> {
  const source = await readFile(join(packageRoot, "sdk", "wit", "contract.wit"), "utf8");
  const [, name, version] = /^package ([^;@\s]+)@([^;\s]+);/m.exec(source) ?? [];
  if (name === undefined || version === undefined) throw new Error("the world has no package line");
  const interfaces = [...source.matchAll(/^interface ([a-z-]+) /gm)].map(([, each = ""]) => each);
  const modules = new Map(interfaces.map((each) => [each, `${name}/${each}@${version}`]));
  return { source, modules };
}
