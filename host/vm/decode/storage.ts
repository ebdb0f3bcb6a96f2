/**
 * What a core module keeps: a table, a memory, globals, and the segments that fill them.
 *
 * What the format leaves open and the contract's world decides is protected, so that the conformance
 * tests can put the whole format in its place; nothing in the product does.
 *
 * @module
 */
import { MODULE_TABLE_ENTRIES_MAX } from "#protocol/limits.ts";
import { elementForm, type Variable } from "#host/vm/decode/module.ts";
import { FUNCREF, isValueType, op, valueType } from "#host/vm/decode/opcodes.ts";
import type { Reader } from "#host/vm/decode/reader.ts";

const PAGE_BYTES = 65_536;

/** Filled item by item in the order of the sections. */
export class Storage {
  readonly tableFunctions = new Set<number>();
  tableEntries: number | undefined;
  memoryPages: number | undefined;
  memoryPagesMax: number | undefined;
  globalCount = 0;
  readonly variables: Variable[] = [];
  /** Entries of the table that instantiation writes. */
  activeEntries = 0;
  dataBytes = 0;
  dataEnd = 0;
  /** Data segments announced before the code, and those found behind it. */
  dataCount: number | undefined;
  dataFound = 0;
  #elements = 0;
  readonly #pagesLimit: number;

  /** @param pagesLimit - Pages the memory may have initially. */
  constructor(pagesLimit: number) {
    this.#pagesLimit = pagesLimit;
  }

  table(reader: Reader): void {
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

  memory(reader: Reader): void {
    const flags = reader.byte();
    if (flags > 1) reader.refuse("MODULE_MEMORY", { flags });
    const pages = reader.u32();
    const limit = this.#pagesLimit;
    if (pages > limit) reader.refuse("MODULE_MEMORY", { pages, limit });
    this.memoryPages = pages;
    if (flags === 1) this.memoryPagesMax = reader.u32();
  }

  global(reader: Reader): void {
    const type = reader.byte();
    if (!isValueType(type)) reader.fail({ value: type });
    const mutability = reader.byte();
    if (mutability > 1) reader.fail({ value: mutability });
    const start = reader.offset;
    this.constant(reader, type);
    const index = this.globalCount++;
    if (mutability === 1)
      this.variables.push({ index, initial: { start, end: reader.offset - 1 } });
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

  element(reader: Reader): void {
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
      this.activeEntries += count;
    }
    for (let entry = 0; entry < count; entry++) this.tableFunctions.add(reader.u32());
  }

  data(reader: Reader): void {
    const flags = reader.u32();
    if (flags > 1) reader.refuse("MODULE_MEMORY", { flags });
    const start = flags === 0 ? this.constant(reader, valueType.i32) >>> 0 : 0;
    const length = reader.u32();
    reader.skip(length);
    this.dataFound++;
    if (flags === 1) return;
    this.checkData(reader, start + length);
    this.dataBytes += length;
    this.dataEnd = Math.max(this.dataEnd, start + length);
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

  /** Refuses a module without a memory, once all sections are read. */
  checkMemory(reader: Reader): void {
    if (this.memoryPages === undefined) reader.refuse("MODULE_MEMORY");
  }
}
