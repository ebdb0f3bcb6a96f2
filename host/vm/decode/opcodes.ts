/**
 * The instructions a contract may use, and the immediates each one carries.
 *
 * An allow-list: MVP, sign extension, saturating conversions, bulk operations on memory and table, and
 * multi-value. SIMD, threads, exceptions, tail calls, references and GC are absent, so they are refused
 * by number, whatever the engine underneath happens to support.
 *
 * @module
 */

export const op = {
  unreachable: 0x00,
  nop: 0x01,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  drop: 0x1a,
  select: 0x1b,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  f32Store: 0x38,
  f64Store: 0x39,
  memorySize: 0x3f,
  memoryGrow: 0x40,
  i32Const: 0x41,
  i64Const: 0x42,
  f32Const: 0x43,
  f64Const: 0x44,
  i32Eq: 0x46,
  i32LtS: 0x48,
  i64LtS: 0x53,
  i64LeU: 0x58,
  f32Ne: 0x5c,
  f64Ne: 0x62,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i32And: 0x71,
  i32ShrU: 0x76,
  i64Add: 0x7c,
  i64Sub: 0x7d,
  i64Mul: 0x7e,
  f32Copysign: 0x98,
  f64Copysign: 0xa6,
  i64ExtendI32U: 0xad,
  i32ReinterpretF32: 0xbc,
  i64ReinterpretF64: 0xbd,
  prefix: 0xfc,
  memoryInit: 0xfc08,
  dataDrop: 0xfc09,
  memoryCopy: 0xfc0a,
  memoryFill: 0xfc0b,
  tableInit: 0xfc0c,
  elemDrop: 0xfc0d,
  tableCopy: 0xfc0e,
} as const;

/** Value types as they stand in the binary. */
export const valueType = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c } as const;

export function isValueType(byte: number): boolean {
  return byte >= valueType.f64 && byte <= valueType.i32;
}

/** The block type of a block that takes and gives nothing. */
export const EMPTY_BLOCK = 0x40;
/** How that is kept of a decoded body: value types are negated, so is "none". */
export const NO_BLOCK_TYPE = -EMPTY_BLOCK;
/** The function's own label as the target of a branch. */
export const FUNCTION_LABEL = -1;
/** Greatest power of two of a memory access's alignment. */
export const ALIGNMENT_MAX = 3;
/** The byte that opens a function type. */
export const FUNCTION_TYPE = 0x60;
/** The table's element type. */
export const FUNCREF = 0x70;

/** What follows an opcode. `refused` is zero so that an empty table refuses everything. */
export const immediate = {
  refused: 0,
  none: 1,
  block: 2,
  index: 3,
  branchTable: 4,
  callIndirect: 5,
  memoryAccess: 6,
  i32: 7,
  i64: 8,
  f32: 9,
  f64: 10,
  zero: 11,
  /** `else` and `end`. */
  bracket: 12,
  /** `br` and `br_if`. */
  label: 13,
  prefix: 14,
  call: 15,
} as const;

/** The kind of immediate of each one-byte opcode. */
export const immediates: Uint8Array = immediateTable();

function immediateTable(): Uint8Array {
  const table = new Uint8Array(256);
  const set = (first: number, last: number, kind: number): void => {
    table.fill(kind, first, last + 1);
  };
  set(op.unreachable, op.nop, immediate.none);
  set(op.block, op.if, immediate.block);
  set(op.else, op.else, immediate.bracket);
  set(op.end, op.end, immediate.bracket);
  set(op.br, op.brIf, immediate.label);
  set(op.brTable, op.brTable, immediate.branchTable);
  set(op.return, op.return, immediate.none);
  set(op.call, op.call, immediate.call);
  set(op.callIndirect, op.callIndirect, immediate.callIndirect);
  set(op.drop, op.select, immediate.none);
  set(op.localGet, op.globalSet, immediate.index);
  set(0x28, 0x3e, immediate.memoryAccess);
  set(op.memorySize, op.memoryGrow, immediate.zero);
  set(op.i32Const, op.i32Const, immediate.i32);
  set(op.i64Const, op.i64Const, immediate.i64);
  set(op.f32Const, op.f32Const, immediate.f32);
  set(op.f64Const, op.f64Const, immediate.f64);
  set(0x45, 0xc4, immediate.none);
  set(op.prefix, op.prefix, immediate.prefix);
  return table;
}
