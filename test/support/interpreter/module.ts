/**
 * A contract's module as the reference interpreter runs it: every immediate in place.
 *
 * Structure comes from the product's decoder, which the core test suite checks; constants, offsets and
 * segments, which the product never looks at, are read here.
 *
 * @module
 */
import { Body } from "#host/vm/decode/body.ts";
import { section, type CoreModule, type FunctionType } from "#host/vm/decode/module.ts";
import { Cursor } from "#test/support/cursor.ts";
import type { Value } from "#test/support/interpreter/values.ts";

export interface Code {
  readonly type: FunctionType;
  readonly locals: readonly number[];
  readonly count: number;
  readonly opcode: readonly number[];
  readonly value: readonly number[];
  readonly partner: readonly number[];
  readonly otherwise: readonly number[];
  /** Constants, memory offsets, data segments and branch table entries, by instruction. */
  readonly constants: ReadonlyMap<number, Value>;
  readonly tables: ReadonlyMap<number, readonly number[]>;
}

export interface Segment {
  /** Where an active segment goes; undefined for a passive one. */
  readonly start: number | undefined;
  readonly bytes: Uint8Array;
}

export interface ElementSegment {
  /** Where an active segment goes; undefined for another. */
  readonly start: number | undefined;
  readonly isDeclared: boolean;
  readonly functions: readonly number[];
}

export interface Program {
  readonly module: CoreModule;
  readonly code: readonly Code[];
  readonly globals: readonly Value[];
  /** Entries of the table. */
  readonly tableSize: number;
  readonly elements: readonly ElementSegment[];
  readonly data: readonly Segment[];
}

/** Reads what the interpreter needs. Contracts without imports only. */
export function readProgram(module: CoreModule): Program {
  const body = new Body();
  const code = module.bodies.map((span, index): Code => {
    body.decode(module.open(span));
    const { count } = body;
    const type = module.types[module.functionTypes[index] ?? 0];
    return {
      type: type ?? { params: [], results: [] },
      locals: [...body.locals].flatMap((run) => Array.from({ length: run.count }, () => run.type)),
      count,
      opcode: [...body.opcode.subarray(0, count)],
      value: [...body.value.subarray(0, count)],
      partner: [...body.partner.subarray(0, count)],
      otherwise: [...body.otherwise.subarray(0, count)],
      ...immediates(module.bytes, body),
    };
  });
  const [tableSize, segments] = [sizeOfTable(module), elements(module)];
  return {
    module,
    code,
    globals: globals(module),
    tableSize,
    elements: segments,
    data: data(module),
  };
}

/** The constant of a `const` instruction. */
function constant(cursor: Cursor, opcode: number): Value {
  if (opcode === 0x41) return Number(cursor.leb(true));
  if (opcode === 0x42) return cursor.leb(true);
  const size = opcode === 0x43 ? 4 : 8;
  const { buffer, byteOffset } = cursor.bytes;
  const view = new DataView(buffer, byteOffset + cursor.at, size);
  cursor.at += size;
  return size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
}

function expression(cursor: Cursor): Value {
  const value = constant(cursor, cursor.byte());
  cursor.byte();
  return value;
}

function immediates(bytes: Uint8Array, body: Body): Pick<Code, "constants" | "tables"> {
  const constants = new Map<number, Value>();
  const tables = new Map<number, readonly number[]>();
  for (let index = 0; index < body.count; index++) {
    const opcode = body.opcode[index] ?? 0;
    const cursor = new Cursor(bytes, (body.offset[index] ?? 0) + 1);
    if (opcode >= 0x28 && opcode <= 0x3e) {
      cursor.u32();
      constants.set(index, cursor.u32());
    } else if (opcode >= 0x41 && opcode <= 0x44) constants.set(index, constant(cursor, opcode));
    else if ([0xfc08, 0xfc09, 0xfc0c, 0xfc0d].includes(opcode)) {
      cursor.u32();
      constants.set(index, cursor.u32());
    } else if (opcode === 0x0e) {
      tables.set(
        index,
        Array.from({ length: cursor.u32() + 1 }, () => cursor.u32()),
      );
    }
  }
  return { constants, tables };
}

/** Reads a counted section. */
function items<T>(module: CoreModule, id: number, read: (cursor: Cursor) => T): T[] {
  const span = module.sections.get(id);
  if (span === undefined) return [];
  const cursor = new Cursor(module.bytes, span.start);
  return cursor.items(() => read(cursor));
}

function globals(module: CoreModule): Value[] {
  return items(module, section.global, (cursor) => {
    cursor.at += 2;
    return expression(cursor);
  });
}

function sizeOfTable(module: CoreModule): number {
  const [size = 0] = items(module, section.table, (cursor) => {
    cursor.at += 2;
    return cursor.u32();
  });
  return size;
}

function elements(module: CoreModule): ElementSegment[] {
  return items(module, section.element, (cursor) => {
    const form = cursor.u32();
    if (form === 2) cursor.u32();
    const start = form === 0 || form === 2 ? Number(expression(cursor)) : undefined;
    if (form !== 0) cursor.byte();
    return { start, isDeclared: form === 3, functions: cursor.items(() => cursor.u32()) };
  });
}

function data(module: CoreModule): Segment[] {
  return items(module, section.data, (cursor) => {
    const start = cursor.u32() === 0 ? Number(expression(cursor)) : undefined;
    const length = cursor.u32();
    const bytes = cursor.bytes.slice(cursor.at, cursor.at + length);
    cursor.at += length;
    return { start, bytes };
  });
}
