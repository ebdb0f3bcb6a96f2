/**
 * Decodes the sections of a core module and enforces every structural rule that needs no types.
 *
 * One pass over hostile bytes: order, counts and lengths are checked before anything is stored.
 * What is not listed here does not get in; type checking of bodies is the engine's work, done
 * afterwards on the very same bytes.
 *
 * @module
 */
import type { FaultCode } from "#protocol/faults.ts";
import {
  MODULE_CUSTOM_SECTIONS_MAX,
  MODULE_EXPORTS_MAX,
  MODULE_FUNCTIONS_MAX,
  MODULE_GLOBALS_MAX,
  MODULE_IMPORTS_MAX,
  MODULE_PARAMETERS_MAX,
  MODULE_RESULTS_MAX,
  MODULE_SEGMENTS_MAX,
  MODULE_TABLE_ENTRIES_MAX,
  MODULE_TYPES_MAX,
} from "#protocol/limits.ts";
import { Body } from "#host/vm/decode/body.ts";
import {
  elementForm,
  exportKind,
  section,
  type CoreModule,
  type Export,
  type FunctionType,
  type Span,
} from "#host/vm/decode/module.ts";
import { FUNCREF, FUNCTION_TYPE, isValueType, op, valueType } from "#host/vm/decode/opcodes.ts";
import { Reader } from "#host/vm/decode/reader.ts";
import { signatureOf } from "#host/vm/decode/signature.ts";
import { RESERVED_PREFIX, type WorldImport, type WorldImportKey } from "#host/vm/world.ts";

const PREAMBLE = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const PAGE_BYTES = 65_536;
/** The order sections must come in; data count (12) stands before code (10). */
const ORDER = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 10];

export type ImportTable = Readonly<Record<WorldImportKey, WorldImport>>;

/**
 * The state of one decoding run. Each method reads one section.
 *
 * What the format leaves open and the contract's world decides is protected, so that the conformance
 * tests can put the whole format in its place; nothing in the product does.
 */
export class SectionDecoder {
  readonly types: FunctionType[] = [];
  readonly imports: WorldImportKey[] = [];
  importCount = 0;
  importedFunctions = 0;
  readonly functionTypes: number[] = [];
  readonly bodies: Span[] = [];
  readonly tableFunctions = new Set<number>();
  readonly exports = new Map<string, Export>();
  readonly sections = new Map<number, Span>();
  tableEntries: number | undefined;
  memoryPages: number | undefined;
  memoryPagesMax: number | undefined;
  globalCount = 0;
  dataBytes = 0;
  /** Data segments announced before the code, and those found behind it. */
  dataCount: number | undefined;
  dataFound = 0;
  #elements = 0;
  #activeEntries = 0;
  readonly #body = new Body();
  readonly #table: ImportTable;
  readonly #pagesLimit: number;

  constructor(table: ImportTable, pagesLimit: number) {
    this.#table = table;
    this.#pagesLimit = pagesLimit;
  }

  read(id: number, reader: Reader): void {
    switch (id) {
      case section.type:
        return this.#repeat(reader, "types", MODULE_TYPES_MAX, () => this.#type(reader));
      case section.import:
        return this.#repeat(reader, "imports", MODULE_IMPORTS_MAX, () => {
          this.readImport(reader);
          this.importCount++;
        });
      case section.function:
        return this.#repeat(reader, "functions", MODULE_FUNCTIONS_MAX, () =>
          this.#function(reader),
        );
      case section.table:
        return this.#readOne(reader, () => this.#readTable(reader), "MODULE_TABLE");
      case section.memory:
        return this.#readOne(reader, () => this.#readMemory(reader), "MODULE_MEMORY");
      case section.global:
        return this.#repeat(reader, "globals", MODULE_GLOBALS_MAX, () => this.#global(reader));
      case section.export:
        return this.#repeat(reader, "exports", MODULE_EXPORTS_MAX, () => this.#export(reader));
      case section.start:
        return this.readStart(reader);
      case section.element:
        return this.#repeat(reader, "segments", MODULE_SEGMENTS_MAX, () => this.#element(reader));
      case section.code:
        return this.#repeat(reader, "functions", MODULE_FUNCTIONS_MAX, () => this.#code(reader));
      case section.data:
        return this.#repeat(reader, "segments", MODULE_SEGMENTS_MAX, () => this.#data(reader));
      case section.dataCount:
        this.dataCount = reader.u32();
        return;
      default:
        return reader.fail();
    }
  }

  /** Reads a vector of at most one item. */
  #readOne(reader: Reader, item: () => void, code: FaultCode): void {
    const count = reader.u32();
    if (count > 1) reader.refuse(code, { value: count, limit: 1 });
    reader.begin(0);
    if (count === 1) item();
  }

  /** Reads a counted vector; the count is checked before the first item is read. */
  #repeat(reader: Reader, name: string, limit: number, item: () => void): void {
    const count = reader.u32();
    reader.limit(name, count, limit);
    for (let index = 0; index < count; index++) {
      reader.begin(index);
      item();
    }
  }

  #type(reader: Reader): void {
    if (reader.byte() !== FUNCTION_TYPE) reader.fail();
    const params = this.#valueTypes(reader, "params", MODULE_PARAMETERS_MAX);
    const results = this.#valueTypes(reader, "results", MODULE_RESULTS_MAX);
    this.types.push({ params, results });
  }

  #valueTypes(reader: Reader, name: string, limit: number): number[] {
    const count = reader.u32();
    reader.limit(name, count, limit);
    const types: number[] = [];
    for (let index = 0; index < count; index++) {
      const type = reader.byte();
      if (!isValueType(type)) reader.fail({ value: type });
      types.push(type);
    }
    return types;
  }

  /** Reads one import: a function of the world with the world's signature. */
  protected readImport(reader: Reader): void {
    const module = reader.name();
    const name = reader.name();
    const kind = reader.byte();
    if (kind !== exportKind.function) reader.refuse("MODULE_IMPORT", { kind });
    const type = reader.u32();
    const signature = signatureOf(this.types[type]);
    for (const [key, allowed] of Object.entries(this.#table) as [WorldImportKey, WorldImport][]) {
      if (allowed.module !== module || allowed.name !== name) continue;
      if (signature?.params !== allowed.params || signature.results !== allowed.results) break;
      if (this.imports.includes(key)) break;
      this.imports.push(key);
      this.functionTypes.push(type);
      this.importedFunctions++;
      return;
    }
    reader.refuse("MODULE_IMPORT");
  }

  protected readStart(reader: Reader): void {
    reader.refuse("MODULE_START");
  }

  #function(reader: Reader): void {
    const type = reader.u32();
    if (type >= this.types.length) reader.fail({ value: type, limit: this.types.length });
    this.functionTypes.push(type);
  }

  #readTable(reader: Reader): void {
    const element = reader.byte();
    const flags = reader.byte();
    if (element !== FUNCREF || flags > 1) reader.refuse("MODULE_TABLE", { flags });
    const entries = reader.u32();
    const declared = flags === 1 ? reader.u32() : entries;
    if (reader.exceeds(entries, MODULE_TABLE_ENTRIES_MAX) || declared < entries) {
      reader.refuse("MODULE_TABLE", { entries, limit: MODULE_TABLE_ENTRIES_MAX });
    }
    this.tableEntries = entries;
  }

  #readMemory(reader: Reader): void {
    const flags = reader.byte();
    if (flags > 1) reader.refuse("MODULE_MEMORY", { flags });
    const pages = reader.u32();
    const limit = this.#pagesLimit;
    if (pages > limit) reader.refuse("MODULE_MEMORY", { pages, limit });
    this.memoryPages = pages;
    if (flags === 1) this.memoryPagesMax = reader.u32();
  }

  #global(reader: Reader): void {
    const type = reader.byte();
    if (!isValueType(type) || reader.byte() > 1) reader.fail({ value: type });
    this.constant(reader, type);
    this.globalCount++;
  }

  /** A constant expression: one constant and `end`. Returns the value of an i32. */
  protected constant(reader: Reader, type: number): number {
    let value = 0;
    const code = reader.byte();
    if (type === valueType.i32 && code === op.i32Const) value = reader.i32();
    else if (type === valueType.i64 && code === op.i64Const) reader.skipI64();
    else if (type === valueType.f32 && code === op.f32Const) reader.skip(4);
    else if (type === valueType.f64 && code === op.f64Const) reader.skip(8);
    else reader.refuse("MODULE_OPCODE", { value: code });
    if (reader.byte() !== op.end) reader.fail();
    return value;
  }

  #export(reader: Reader): void {
    const offset = reader.offset;
    const name = reader.name();
    const kind = reader.byte();
    const index = reader.u32();
    if (kind > exportKind.global) reader.fail({ kind });
    if (this.exports.has(name) || name.startsWith(RESERVED_PREFIX)) reader.refuse("MODULE_EXPORT");
    this.exports.set(name, { kind, index, offset });
  }

  #element(reader: Reader): void {
    const form = reader.u32();
    if (form > elementForm.declared) reader.refuse("MODULE_TABLE", { flags: form });
    const isActive = form === elementForm.active || form === elementForm.named;
    if (form === elementForm.named && reader.u32() !== 0) reader.refuse("MODULE_TABLE");
    const start = isActive ? this.constant(reader, valueType.i32) >>> 0 : 0;
    if (form !== elementForm.active && reader.byte() !== 0) reader.refuse("MODULE_TABLE");
    const count = reader.u32();
    this.#elements += count;
    if (reader.exceeds(this.#elements, MODULE_TABLE_ENTRIES_MAX)) {
      reader.refuse("MODULE_TABLE", { entries: this.#elements, limit: MODULE_TABLE_ENTRIES_MAX });
    }
    if (isActive) {
      this.checkElements(reader, start + count);
      this.#activeEntries += count;
    }
    for (let entry = 0; entry < count; entry++) this.tableFunctions.add(reader.u32());
  }

  /** Locates one body and decodes it, which is all the checking that needs no types. */
  #code(reader: Reader): void {
    const length = reader.u32();
    const start = reader.skip(length);
    const span = { start, end: start + length };
    this.bodies.push(span);
    this.#body.decode(this.#openBody(reader, span));
  }

  /** A reader of one body that names the function by its index in the module, imports first. */
  #openBody(reader: Reader, span: Span): Reader {
    const part = reader.part(span.start, span.end);
    part.section = section.code;
    part.begin(this.importedFunctions + this.bodies.length - 1);
    return part;
  }

  #data(reader: Reader): void {
    const flags = reader.u32();
    if (flags > 1) reader.refuse("MODULE_MEMORY", { flags });
    const start = flags === 0 ? this.constant(reader, valueType.i32) >>> 0 : 0;
    const length = reader.u32();
    reader.skip(length);
    this.dataFound++;
    if (flags === 1) return;
    this.checkData(reader, start + length);
    this.dataBytes += length;
  }

  /** Refuses an element segment whose `end` lies behind the table's. */
  protected checkElements(reader: Reader, end: number): void {
    const limit = this.tableEntries ?? 0;
    if (end > limit) reader.refuse("MODULE_TABLE", { end, limit });
  }

  /** Refuses a data segment whose `end` lies behind the memory's. */
  protected checkData(reader: Reader, end: number): void {
    const limit = (this.memoryPages ?? 0) * PAGE_BYTES;
    if (end > limit) reader.refuse("MODULE_MEMORY", { end, limit });
  }

  protected checkMemory(reader: Reader): void {
    if (this.memoryPages === undefined) reader.refuse("MODULE_MEMORY");
  }

  /** Checks what spans sections: bodies per function, a memory, segments counted truly. */
  finish(reader: Reader): CoreModule {
    const { importedFunctions, functionTypes, bodies, dataFound } = this;
    const declared = functionTypes.length - importedFunctions;
    if (declared !== bodies.length) reader.fail({ bodies: bodies.length, functions: declared });
    const { dataCount = dataFound } = this;
    if (dataCount !== dataFound) reader.fail({ segments: dataFound, announced: dataCount });
    this.checkMemory(reader);
    for (const value of this.tableFunctions) {
      if (value >= functionTypes.length) reader.fail({ value, functions: functionTypes.length });
    }
    return {
      bytes: reader.bytes,
      open: ({ start, end }) => reader.part(start, end),
      types: this.types,
      imports: this.imports,
      importCount: this.importCount,
      importedFunctions,
      functionTypes,
      bodies,
      tableFunctions: [...this.tableFunctions],
      tableEntries: this.tableEntries ?? 0,
      activeEntries: this.#activeEntries,
      ownsMemory: this.memoryPages !== undefined,
      memoryPages: this.memoryPages ?? 0,
      memoryPagesMax: this.memoryPagesMax,
      globalCount: this.globalCount,
      exports: this.exports,
      dataBytes: this.dataBytes,
      sections: this.sections,
    };
  }
}

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
  return decodeSections(reader, new SectionDecoder(table, pagesLimit));
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
