/**
 * The module format without the contract's world: what lets ordinary spec modules through our decoder.
 *
 * The product's decoder and meter do the work. Replaced are only the rules that the world adds: which
 * imports, that there is a memory, no start function, ASCII names, numbers in their shortest form,
 * segments that fit at admission, caps, one NaN for all. Nothing of this can be reached from `admit()`.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { exportKind, type CoreModule } from "#host/vm/decode/module.ts";
import { op } from "#host/vm/decode/opcodes.ts";
import { Reader } from "#host/vm/decode/reader.ts";
import { SectionDecoder, type ImportTable } from "#host/vm/decode/section-decoder.ts";
import { decodeSections } from "#host/vm/decode/sections.ts";
import { Storage } from "#host/vm/decode/storage.ts";
import { meter } from "#host/vm/meter/meter.ts";
import { keepsNan } from "#test/conformance/nan.ts";

const PAGES_MAX = 65_536;
/** Far above what the suite has in a valid module, far below what the machine has. */
const COUNT_MAX = 1_000_000;
const MALFORMED = "MODULE_MALFORMED";
/** The export under which a start function comes back: an export could have any other name but this. */
export const START_EXPORT = "hermetic:start";
const NO_WORLD = {} as ImportTable; // no import is looked up in it

/** Reads numbers in any form the format allows, and names in UTF-8, as one character a byte. */
class OpenReader extends Reader {
  constructor(bytes: Uint8Array, start: number, end: number) {
    super(bytes, start, end, MALFORMED);
  }

  override part(start: number, end: number): Reader {
    return new OpenReader(this.bytes, start, end);
  }

  override exceeds(count: number): boolean {
    return count > COUNT_MAX;
  }

  override u32(): number {
    return Number(this.#leb(32, false));
  }

  override i32(): number {
    return Number(this.#leb(32, true));
  }

  override skipI64(): void {
    this.#leb(64, true);
  }

  override name(): string {
    const length = this.u32();
    const start = this.skip(length);
    const bytes = this.bytes.slice(start, start + length);
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
      this.fail();
    }
    return String.fromCharCode(...bytes);
  }

  /** Reads LEB128 by the definition: at most ⌈bits / 7⌉ bytes, the value in range. */
  #leb(bits: number, signed: boolean): bigint {
    let value = 0n;
    for (let shift = 0; shift < bits; shift += 7) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << BigInt(shift);
      if (byte >= 0x80) continue;
      const result = signed ? BigInt.asIntN(shift + 7, value) : value;
      const inRange = signed ? BigInt.asIntN(bits, result) : BigInt.asUintN(bits, result);
      return inRange === result ? result : this.fail();
    }
    return this.fail();
  }
}

/** Accepts tables and memories from elsewhere, and segments that only instantiation can judge. */
class OpenStorage extends Storage {
  #importedTables = 0;
  #importedMemories = 0;
  #importedGlobals = 0;

  constructor() {
    super(PAGES_MAX);
  }

  importGlobal(): void {
    this.globalCount++;
    this.#importedGlobals++;
  }

  /** What pages the exporter's memory may reach is unknown here: no failure to grow is the machine's. */
  importMemory(): void {
    this.#importedMemories++;
    this.memoryPagesMax = 0;
  }

  importTable(reader: Reader): void {
    const element = reader.byte();
    if (element !== 0x70) throw new Fault("MODULE_TABLE", { value: element });
    this.#importedTables++;
  }

  protected override constant(reader: Reader, type: number): number {
    if (reader.bytes[reader.offset] !== op.globalGet) return super.constant(reader, type);
    reader.byte();
    if (reader.u32() >= this.#importedGlobals) reader.fail();
    if (reader.byte() !== op.end) reader.fail();
    return 0;
  }

  protected override checkElements(): void {
    return;
  }

  protected override checkData(): void {
    return;
  }

  override checkMemory(): void {
    const tables = this.#importedTables + (this.tableEntries === undefined ? 0 : 1);
    const memories = this.#importedMemories + (this.memoryPages === undefined ? 0 : 1);
    if (tables > 1) throw new Fault("MODULE_TABLE", { value: tables, limit: 1 });
    if (memories > 1) throw new Fault("MODULE_MEMORY", { value: memories, limit: 1 });
  }
}

/** Accepts every import and a start function. */
class OpenDecoder extends SectionDecoder {
  readonly #storage: OpenStorage;

  constructor(storage: OpenStorage) {
    super(NO_WORLD, storage);
    this.#storage = storage;
  }

  protected override readImport(reader: Reader): void {
    reader.name();
    reader.name();
    const kind = reader.byte();
    if (kind === exportKind.function) {
      const type = reader.u32();
      if (type >= this.types.length) reader.fail({ value: type });
      this.functionTypes.push(type);
      this.importedFunctions++;
    } else if (kind === exportKind.global) {
      reader.skip(2);
      this.#storage.importGlobal();
    } else if (kind === exportKind.table || kind === exportKind.memory) {
      if (kind === exportKind.table) this.#storage.importTable(reader);
      else this.#storage.importMemory();
      const flags = reader.byte();
      if (flags > 1) reader.fail();
      for (let count = 0; count <= flags; count++) reader.u32();
    } else {
      reader.fail({ kind });
    }
  }

  protected override readStart(reader: Reader): void {
    const { offset } = reader;
    this.exports.set(START_EXPORT, { kind: exportKind.function, index: reader.u32(), offset });
  }
}

export interface OpenModule {
  readonly decoded: CoreModule;
  readonly metered: WebAssembly.Module;
  readonly memoryPagesMax: number;
}

/**
 * Takes a module through decoder, validation and meter, as `admitCore` does.
 *
 * @throws {@link Fault} Any `MODULE_…` code.
 */
export function openModule(bytes: Uint8Array<ArrayBuffer>): OpenModule {
  const decoder = new OpenDecoder(new OpenStorage());
  const decoded = decodeSections(new OpenReader(bytes, 0, bytes.length), decoder);
  if (!WebAssembly.validate(bytes)) throw new Fault("MODULE_INVALID");
  const exports = [...decoded.exports.keys()];
  const { bytes: code, memoryPagesMax } = meter(decoded, {
    exports,
    memoryPagesMax: PAGES_MAX,
    offsetMap: false,
    // An instance whose start failed may have left its functions in a table that others call through.
    initialGas: Number.MAX_SAFE_INTEGER,
    keepsNan: keepsNan(decoded),
  });
  return { decoded, metered: new WebAssembly.Module(code.slice()), memoryPagesMax };
}
