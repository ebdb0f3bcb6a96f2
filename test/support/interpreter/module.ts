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

export interface Program {
  readonly module: CoreModule;
  readonly code: readonly Code[];
  readonly globals: readonly Value[];
  readonly table: readonly (number | undefined)[];
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
  return { module, code, globals: globals(module), table: table(module), data: data(module) };
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
    else if (opcode === 0xfc08 || opcode === 0xfc09) {
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

function table(module: CoreModule): (number | undefined)[] {
  const [size = 0] = items(module, section.table, (cursor) => {
    cursor.at += 2;
    return cursor.u32();
  });
  const entries: (number | undefined)[] = Array.from({ length: size }, () => undefined);
  items(module, section.element, (cursor) => {
    cursor.u32();
    const start = Number(expression(cursor));
    for (let left = cursor.u32(), at = start; left > 0; left--) entries[at++] = cursor.u32();
  });
  return entries;
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
