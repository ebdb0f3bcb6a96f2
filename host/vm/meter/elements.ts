/**
 * Rewrites the element segments where host functions stand in the table: there go their doors.
 *
 * @module
 */
import { elementForm, section, type CoreModule } from "#host/vm/decode/module.ts";
import { op } from "#host/vm/decode/opcodes.ts";
import type { Reader } from "#host/vm/decode/reader.ts";
import type { Doors } from "#host/vm/meter/doors.ts";
import type { Writer } from "#host/vm/meter/writer.ts";

/** Writes the content of the element section if it cannot stay as it is. */
export function writeElements(out: Writer, module: CoreModule, doors: Doors): void {
  const { bytes, importedFunctions, functionTypes } = module;
  const span = module.sections.get(section.element);
  const hasImports = module.tableFunctions.some((index) => index < importedFunctions);
  if (span === undefined || !hasImports) return;
  const reader = module.open(span);
  const segments = reader.u32();
  out.u32(segments);
  for (let segment = 0; segment < segments; segment++) {
    const start = reader.offset;
    skipHead(reader);
    out.copy(bytes, start, reader.offset);
    const count = reader.u32();
    out.u32(count);
    for (let entry = 0; entry < count; entry++) {
      const index = reader.u32();
      const isOwn = index >= importedFunctions;
      out.u32(isOwn ? index : doors.outward(index, functionTypes[index] ?? 0, true).index);
    }
  }
}

/** Passes over what stands before the functions: form, table, place and kind. */
function skipHead(reader: Reader): void {
  const form = reader.u32();
  if (form === elementForm.named) reader.u32();
  if (form === elementForm.active || form === elementForm.named) {
    // One instruction with a number, and `end`.
    reader.byte();
    reader.i32();
    if (reader.byte() !== op.end) reader.fail();
  }
  if (form !== elementForm.active) reader.byte();
}
