/**
 * Wraps a core module as a component of the WIT world. The tools check every import and export
 * against the world, so a wrong signature fails here and not at a worker.
 *
 * @module
 */
import { BuildError } from "./build-error.ts";
import { diagnosticOf } from "./diagnostic.ts";
import { withoutCustomSections } from "./wasm-sections.ts";
import type { World } from "./world.ts";

/** @throws {@link BuildError} `HRM3010` with the item that does not fit the world. */
export async function toComponent(core: Uint8Array, world: World): Promise<Uint8Array> {
  const tools = await import("@bytecodealliance/jco-transpile/wasm-tools");
  try {
    const embedded = await tools.componentEmbed({
      binary: core,
      witSource: world.source,
      stringEncoding: "utf16",
      world: "contract",
    });
    return withoutCustomSections(await tools.componentNew(embedded, []));
  } catch (error) {
    // The tools throw strings and errors alike; the last line says what is wrong.
    const last = String(error).trim().split("\n").at(-1) ?? "";
    const diagnostic = diagnosticOf("HRM3010", last.replace(/^\s*\d+:\s*/, ""));
    throw new BuildError([diagnostic], { cause: error });
  }
}
