/**
 * Wraps a core module as a component of the WIT world. The tools check every import and export
 * against the world, so a wrong signature fails here and not at a worker.
 *
 * @module
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { withoutCustomSections } from "./wasm-sections.ts";

export interface World {
  /** Package and version, as in `hermetic:contract@0.1.0`. */
  readonly id: string;
  readonly source: string;
}

/** Reads the world that is shipped with this package. */
export async function readWorld(packageRoot: string): Promise<World> {
  const source = await readFile(join(packageRoot, "sdk", "wit", "contract.wit"), "utf8");
  const id = /^package ([^;\s]+);/m.exec(source)?.[1];
  if (id === undefined) throw new Error("the WIT world has no package line");
  return { id, source };
}

/** @throws An error of the component tools, which names the item that does not fit the world. */
export async function toComponent(core: Uint8Array, world: World): Promise<Uint8Array> {
  const tools = await import("@bytecodealliance/jco-transpile/wasm-tools");
  const embedded = await tools.componentEmbed({
    binary: core,
    witSource: world.source,
    stringEncoding: "utf16",
    world: "contract",
  });
  return withoutCustomSections(await tools.componentNew(embedded, []));
}
