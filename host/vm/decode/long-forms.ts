/**
 * Instructions in any form, one at a time: those that are rare, large, refused or wrong.
 *
 * @module
 */
import { MODULE_BRANCH_TARGETS_MAX, MODULE_NESTING_MAX } from "#protocol/limits.ts";
import type { Instructions } from "#host/vm/decode/instructions.ts";
import {
  ALIGNMENT_MAX,
  EMPTY_BLOCK,
  FUNCTION_LABEL,
  immediate,
  immediates,
  isValueType,
  op,
} from "#host/vm/decode/opcodes.ts";
import type { Reader } from "#host/vm/decode/reader.ts";

const LAST_PREFIXED = op.tableCopy & 0xff;
const BULK_FIRST = op.memoryInit & 0xff;
/** Bulk operations that name a segment: bit 0 is `memory.init`. */
const SEGMENT_NAMED = 0b011_0011;
/** How often each names the one memory or table there is. */
const ZEROS = [1, 0, 2, 1, 1, 0, 2];

/**
 * Decodes what stands behind the opcode `code` of instruction `index`; false after the function's own `end`.
 *
 * @throws {@link Fault} as `Body.decode`.
 */
export function readLongForm(
  body: Instructions,
  reader: Reader,
  index: number,
  code: number,
): boolean {
  const { value } = body;
  switch (immediates[code]) {
    case immediate.bracket:
      // Only what no block is open for comes here: an `else` has no `if`.
      if (code === op.else) return reader.fail();
      body.partner[index] = FUNCTION_LABEL;
      return false;
    case immediate.block:
      if (code !== op.block) body.forks++;
      if (code === op.loop) body.loops++;
      body.otherwise[index] = 0;
      value[index] = blockType(reader);
      reader.limit("nesting", body.depth + 1, MODULE_NESTING_MAX);
      body.open[body.depth++] = index;
      return true;
    case immediate.call:
      body.calls++;
      value[index] = reader.u32();
      return true;
    case immediate.index:
      value[index] = reader.u32();
      return true;
    case immediate.i32:
      value[index] = reader.i32();
      return true;
    case immediate.label:
      body.forks++;
      value[index] = reader.u32();
      body.target[index] = label(body, reader, value[index] ?? 0);
      return true;
    case immediate.branchTable:
      readBranchTable(body, reader, index);
      return true;
    case immediate.callIndirect:
      body.calls++;
      value[index] = reader.u32();
      if (reader.byte() !== 0) reader.fail();
      return true;
    case immediate.prefix:
      body.opcode[index] = prefixed(reader);
      return true;
    case immediate.i64:
    case immediate.f32:
    case immediate.f64:
      // Whoever looks for an integer finds none.
      value[index] = 0;
      skipImmediate(reader, code);
      return true;
    default:
      skipImmediate(reader, code);
      return true;
  }
}

/** Checks an immediate that nobody asks for later. */
function skipImmediate(reader: Reader, code: number): void {
  switch (immediates[code]) {
    case immediate.memoryAccess:
      if (reader.byte() > ALIGNMENT_MAX) reader.fail();
      reader.u32();
      return;
    case immediate.i64:
      return reader.skipI64();
    case immediate.f32:
      reader.skip(4);
      return;
    case immediate.f64:
      reader.skip(8);
      return;
    case immediate.zero:
      if (reader.byte() !== 0) reader.fail();
      return;
    default:
      reader.refuse("MODULE_OPCODE", { value: code });
  }
}

/** The opener that a branch out of so many blocks leaves or repeats. */
function label({ open, depth }: Instructions, reader: Reader, number: number): number {
  if (number > depth) reader.fail({ value: number });
  return number === depth ? FUNCTION_LABEL : (open[depth - 1 - number] ?? 0);
}

function readBranchTable(body: Instructions, reader: Reader, index: number): void {
  const count = reader.u32();
  reader.limit("targets", count + 1, MODULE_BRANCH_TARGETS_MAX);
  const { tables } = body;
  const start = tables.begin();
  for (let entry = 0; entry <= count; entry++) tables.add(label(body, reader, reader.u32()));
  const listed = tables.countFrom(start);
  body.value[index] = start;
  body.target[index] = listed;
  body.forks += listed;
}

/** The second byte of the saturating conversions (0-7) and bulk operations (8-14), and their immediates. */
function prefixed(reader: Reader): number {
  const code = reader.u32();
  const full = (op.prefix << 8) | (code & 0xff);
  if (code > LAST_PREFIXED) reader.refuse("MODULE_OPCODE", { value: full });
  const bulk = code - BULK_FIRST;
  if (bulk < 0) return full;
  if (((SEGMENT_NAMED >> bulk) & 1) === 1) reader.u32();
  for (let zeros = ZEROS[bulk] ?? 0; zeros > 0; zeros--) if (reader.byte() !== 0) reader.fail();
  return full;
}

/** A block type: none and value types negated, a type index as it is. */
function blockType(reader: Reader): number {
  const first = reader.bytes[reader.offset] ?? 0;
  if (first === EMPTY_BLOCK || isValueType(first)) return -reader.byte();
  const type = reader.i32();
  return type < 0 ? reader.fail() : type;
}
