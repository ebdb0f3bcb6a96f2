/**
 * Metered code as bytes, which the host compiles and forgets.
 *
 * @module
 */
import { decodeModule } from "#host/vm/decode/sections.ts";
import { meter } from "#host/vm/meter/meter.ts";
import { MEMORY_EXPORT, requiredExports, worldImports } from "#host/vm/world.ts";
import { anatomyOf, type Anatomy } from "#test/support/wasmtime/surgery.ts";

const EXPORTS = [MEMORY_EXPORT, ...Object.keys(requiredExports), "_initialize", "migrate"];

/** Meters a core module as admission does, and takes it apart. */
export function meteredAnatomy(core: Uint8Array, memoryPagesMax: number): Anatomy {
  const module = decodeModule(core, worldImports, memoryPagesMax);
  const { bytes } = meter(module, { exports: EXPORTS, memoryPagesMax, offsetMap: false });
  return anatomyOf(bytes);
}
