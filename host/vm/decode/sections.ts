/**
 * Decodes the sections of a core module and enforces every structural rule that needs no types.
 *
 * One pass over hostile bytes: order, counts and lengths are checked before anything is stored.
 * What is not listed here does not get in; type checking of bodies is the engine's work, done
 * afterwards on the very same bytes.
 *
 * @module
 */
import { MODULE_CUSTOM_SECTIONS_MAX } from "#protocol/limits.ts";
import { section, type CoreModule } from "#host/vm/decode/module.ts";
import { Reader } from "#host/vm/decode/reader.ts";
import { SectionDecoder, type ImportTable } from "#host/vm/decode/section-decoder.ts";
import { Storage } from "#host/vm/decode/storage.ts";

const PREAMBLE = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
/** The order sections must come in; data count (12) stands before code (10). */
const ORDER = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 10];

/**
 * Decodes a core module, its bodies included.
 *
 * Every fault carries the `offset` at which the item in question begins; the `section` and the `index`
 * of the item in it (a body by its function), if it is in one; and what is over a cap by its name.
 *
 * @param table - The imports allowed, with their signatures.
 * @param pagesLimit - Pages the memory may have initially.
 * @param base - Where the core module begins in the uploaded file.
 * @throws {@link Fault} `MODULE_MALFORMED` for bytes that are no module: preamble, order, lengths, numbers.
 * @throws {@link Fault} `MODULE_LIMIT` for a count over its cap.
 * @throws {@link Fault} `MODULE_IMPORT` for an import that is not allowed, ill-typed, repeated or no function.
 * @throws {@link Fault} `MODULE_EXPORT` for an export that is repeated or reserved.
 * @throws {@link Fault} `MODULE_START`, `MODULE_TABLE`, `MODULE_MEMORY` or `MODULE_OPCODE` for what those forbid.
 */
export function decodeModule(
  untrustedCore: Uint8Array,
  table: ImportTable,
  pagesLimit: number,
  base = 0,
): CoreModule {
  const reader = new Reader(untrustedCore, 0, untrustedCore.length, "MODULE_MALFORMED", base);
  return decodeSections(reader, new SectionDecoder(table, new Storage(pagesLimit)));
}

/** Decodes the module that `reader` spans by the rules of `decoder`; throws as {@link decodeModule} does. */
export function decodeSections(reader: Reader, decoder: SectionDecoder): CoreModule {
  for (const expected of PREAMBLE) if (reader.byte() !== expected) reader.fail();
  let customs = 0;
  for (let last = 0; !reader.done;) {
    reader.mark = reader.offset;
    const id = reader.byte();
    const content = reader.slice(reader.u32(), id);
    if (id === section.custom) {
      content.index = customs++;
      content.limit("customSections", customs, MODULE_CUSTOM_SECTIONS_MAX);
      content.name();
      continue;
    }
    const place = ORDER[id] ?? 0;
    if (place <= last) content.fail();
    last = place;
    decoder.sections.set(id, { start: content.offset, end: content.end });
    decoder.read(id, content);
    content.mark = content.offset;
    if (!content.done) content.fail();
  }
  reader.mark = reader.offset;
  return decoder.finish(reader);
}
