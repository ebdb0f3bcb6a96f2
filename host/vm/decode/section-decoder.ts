/**
 * Reads the sections of a core module one by one, and what spans them.
 *
 * Counts and lengths of hostile bytes are checked before anything is stored.
 *
 * @module
 */
import type { FaultCode } from "#protocol/faults.ts";
import {
  MODULE_EXPORTS_MAX,
  MODULE_FUNCTIONS_MAX,
  MODULE_GLOBALS_MAX,
  MODULE_IMPORTS_MAX,
  MODULE_PARAMETERS_MAX,
  MODULE_RESULTS_MAX,
  MODULE_SEGMENTS_MAX,
  MODULE_TYPES_MAX,
} from "#protocol/limits.ts";
import { Body } from "#host/vm/decode/body.ts";
import {
  exportKind,
  section,
  type CoreModule,
  type Export,
  type FunctionType,
  type Span,
} from "#host/vm/decode/module.ts";
import { FUNCTION_TYPE, isValueType } from "#host/vm/decode/opcodes.ts";
import type { Reader } from "#host/vm/decode/reader.ts";
import { signatureOf } from "#host/vm/decode/signature.ts";
import type { Storage } from "#host/vm/decode/storage.ts";
import { RESERVED_PREFIX, type WorldImport, type WorldImportKey } from "#host/vm/world.ts";

export type ImportTable = Readonly<Record<WorldImportKey, WorldImport>>;

/**
 * The state of one decoding run. Which imports there may be and whether there may be a start function is
 * protected, as it is with {@link Storage}.
 */
export class SectionDecoder {
  readonly types: FunctionType[] = [];
  readonly imports: WorldImportKey[] = [];
  importCount = 0;
  importedFunctions = 0;
  readonly functionTypes: number[] = [];
  readonly bodies: Span[] = [];
  readonly exports = new Map<string, Export>();
  readonly sections = new Map<number, Span>();
  readonly storage: Storage;
  readonly #body = new Body();
  readonly #table: ImportTable;

  constructor(table: ImportTable, storage: Storage) {
    this.#table = table;
    this.storage = storage;
  }

  /** Reads the contents of one section. */
  read(id: number, reader: Reader): void {
    const { storage } = this;
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
        return this.#readOne(reader, () => storage.table(reader), "MODULE_TABLE");
      case section.memory:
        return this.#readOne(reader, () => storage.memory(reader), "MODULE_MEMORY");
      case section.global:
        return this.#repeat(reader, "globals", MODULE_GLOBALS_MAX, () => storage.global(reader));
      case section.export:
        return this.#repeat(reader, "exports", MODULE_EXPORTS_MAX, () => this.#export(reader));
      case section.start:
        return this.readStart(reader);
      case section.element:
        return this.#repeat(reader, "segments", MODULE_SEGMENTS_MAX, () => storage.element(reader));
      case section.code:
        return this.#repeat(reader, "functions", MODULE_FUNCTIONS_MAX, () => this.#code(reader));
      case section.data:
        return this.#repeat(reader, "segments", MODULE_SEGMENTS_MAX, () => storage.data(reader));
      case section.dataCount:
        storage.dataCount = reader.u32();
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

  #export(reader: Reader): void {
    const offset = reader.offset;
    const name = reader.name();
    const kind = reader.byte();
    const index = reader.u32();
    if (kind > exportKind.global) reader.fail({ kind });
    if (this.exports.has(name) || name.startsWith(RESERVED_PREFIX)) reader.refuse("MODULE_EXPORT");
    this.exports.set(name, { kind, index, offset });
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

  /** Checks what spans sections: bodies per function, a memory, segments counted truly. */
  finish(reader: Reader): CoreModule {
    const { importedFunctions, functionTypes, bodies, storage } = this;
    const declared = functionTypes.length - importedFunctions;
    if (declared !== bodies.length) reader.fail({ bodies: bodies.length, functions: declared });
    const { dataFound, dataCount = dataFound, tableFunctions } = storage;
    if (dataCount !== dataFound) reader.fail({ segments: dataFound, announced: dataCount });
    storage.checkMemory(reader);
    for (const value of tableFunctions) {
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
      tableFunctions: [...tableFunctions],
      tableEntries: storage.tableEntries ?? 0,
      activeEntries: storage.activeEntries,
      ownsMemory: storage.memoryPages !== undefined,
      memoryPages: storage.memoryPages ?? 0,
      memoryPagesMax: storage.memoryPagesMax,
      globalCount: storage.globalCount,
      variables: storage.variables,
      exports: this.exports,
      dataBytes: storage.dataBytes,
      dataEnd: storage.dataEnd,
      sections: this.sections,
    };
  }
}
