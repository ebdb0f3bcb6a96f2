/**
 * Decodes one function body into flat arrays: opcode, immediate, offset and matching brackets.
 *
 * Bodies are hostile. Every cap is checked before anything is stored, nothing recurses on nesting,
 * and the arrays are reused from body to body, so a large module costs no more than its largest
 * function.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import {
  MODULE_BODY_BYTES_MAX,
  MODULE_BRANCH_TARGETS_MAX,
  MODULE_LOCALS_MAX,
  MODULE_NESTING_MAX,
} from "#protocol/limits.ts";
import { immediate, immediates, isValueType, op, EMPTY_BLOCK } from "#host/vm/decode/opcodes.ts";
import type { Reader } from "#host/vm/decode/reader.ts";

/** A run of locals of one type. */
export interface LocalRun {
  readonly count: number;
  readonly type: number;
}

/** The function's own label as the target of a branch. */
export const FUNCTION_LABEL = -1;
/** How a block that takes and gives nothing is kept: value types are negated, so is "none". */
export const NO_BLOCK_TYPE = -EMPTY_BLOCK;

const LIMIT = "MODULE_LIMIT";

/**
 * The body decoded last. Instruction `i` lies at `offset[i]` and ends at `offset[i + 1]`.
 *
 * `value` is the index, constant or block type of an instruction (value types negated).
 * `partner` leads from an opener to its `end`, and from `else` and `end` back to the opener;
 * `otherwise` from an `if` to its `else`, 0 if it has none. `target` is the opener a branch
 * leaves or repeats. `tables` holds the targets of each `br_table`, duplicates removed.
 */
export class Body {
  count = 0;
  locals: LocalRun[] = [];
  localCount = 0;
  opcode: Uint16Array = new Uint16Array(0);
  value: Int32Array = new Int32Array(0);
  offset: Uint32Array = new Uint32Array(0);
  partner: Int32Array = new Int32Array(0);
  otherwise: Int32Array = new Int32Array(0);
  target: Int32Array = new Int32Array(0);
  readonly tables: Map<number, readonly number[]> = new Map();
  readonly #open: number[] = [];

  /**
   * Decodes the body that `reader` spans.
   *
   * @throws {@link Fault} `MODULE_MALFORMED` if it is not a sequence of instructions that ends where the body ends.
   * @throws {@link Fault} `MODULE_OPCODE` if an instruction is not on the allow-list.
   * @throws {@link Fault} `MODULE_LIMIT` if body, locals, nesting or a branch table is over its cap.
   */
  decode(reader: Reader): void {
    const length = reader.end - reader.offset;
    if (reader.exceeds(length, MODULE_BODY_BYTES_MAX)) {
      throw new Fault(LIMIT, {
        offset: reader.offset,
        value: length,
        limit: MODULE_BODY_BYTES_MAX,
      });
    }
    this.#reserve(length + 1);
    this.tables.clear();
    this.#open.length = 0;
    this.#locals(reader);
    let index = 0;
    for (let open = true; open; index++) {
      this.offset[index] = reader.offset;
      open = this.#instruction(reader, index);
    }
    this.count = index;
    this.offset[index] = reader.offset;
    if (!reader.done) reader.fail();
  }

  #reserve(capacity: number): void {
    if (capacity <= this.opcode.length) return;
    const size = Math.max(capacity, Math.min(this.opcode.length * 2, MODULE_BODY_BYTES_MAX + 1));
    this.opcode = new Uint16Array(size);
    this.value = new Int32Array(size);
    this.offset = new Uint32Array(size);
    this.partner = new Int32Array(size);
    this.otherwise = new Int32Array(size);
    this.target = new Int32Array(size);
  }

  #locals(reader: Reader): void {
    this.locals = [];
    this.localCount = 0;
    const runs = reader.u32();
    if (reader.exceeds(runs, MODULE_LOCALS_MAX)) this.#over(reader, runs, MODULE_LOCALS_MAX);
    for (let run = 0; run < runs; run++) {
      const count = reader.u32();
      const type = reader.byte();
      if (!isValueType(type)) reader.fail({ value: type });
      this.localCount += count;
      if (reader.exceeds(this.localCount, MODULE_LOCALS_MAX))
        this.#over(reader, this.localCount, MODULE_LOCALS_MAX);
      if (count > 0) this.locals.push({ count, type });
    }
  }

  /** Decodes one instruction; false after the `end` that closes the function. */
  #instruction(reader: Reader, index: number): boolean {
    const code = reader.byte();
    this.opcode[index] = code;
    this.value[index] = 0;
    this.partner[index] = 0;
    this.otherwise[index] = 0;
    switch (immediates[code]) {
      case immediate.none:
        return code === op.end || code === op.else ? this.#bracket(reader, index, code) : true;
      case immediate.block:
        this.value[index] = blockType(reader);
        this.#open.push(index);
        if (reader.exceeds(this.#open.length, MODULE_NESTING_MAX)) {
          this.#over(reader, this.#open.length, MODULE_NESTING_MAX);
        }
        return true;
      case immediate.index:
        this.value[index] = reader.u32();
        if (code <= op.brIf) this.target[index] = this.#label(reader, this.value[index] ?? 0);
        return true;
      case immediate.branchTable:
        this.#branchTable(reader, index);
        return true;
      case immediate.callIndirect:
        this.value[index] = reader.u32();
        if (reader.byte() !== 0) reader.fail();
        return true;
      case immediate.memoryAccess:
        if (reader.byte() > 3) reader.fail();
        reader.u32();
        return true;
      case immediate.i32:
        this.value[index] = reader.i32();
        return true;
      case immediate.i64:
        reader.skipI64();
        return true;
      case immediate.f32:
        reader.skip(4);
        return true;
      case immediate.f64:
        reader.skip(8);
        return true;
      case immediate.zero:
        if (reader.byte() !== 0) reader.fail();
        return true;
      default:
        if (code === op.prefix) this.opcode[index] = this.#prefixed(reader);
        else this.#refuse(reader, code);
        return true;
    }
  }

  #bracket(reader: Reader, index: number, code: number): boolean {
    if (code === op.else) {
      const opener = this.#open.at(-1);
      if (opener === undefined || this.opcode[opener] !== op.if || this.otherwise[opener] !== 0) {
        return reader.fail();
      }
      this.otherwise[opener] = index;
      this.partner[index] = opener;
      return true;
    }
    const opener = this.#open.pop();
    this.partner[index] = opener ?? FUNCTION_LABEL;
    if (opener === undefined) return false;
    this.partner[opener] = index;
    return true;
  }

  #label(reader: Reader, depth: number): number {
    const open = this.#open.length;
    if (depth > open) reader.fail({ value: depth });
    return depth === open ? FUNCTION_LABEL : (this.#open[open - 1 - depth] ?? FUNCTION_LABEL);
  }

  #branchTable(reader: Reader, index: number): void {
    const count = reader.u32();
    if (reader.exceeds(count + 1, MODULE_BRANCH_TARGETS_MAX))
      this.#over(reader, count, MODULE_BRANCH_TARGETS_MAX);
    const targets = new Set<number>();
    for (let entry = 0; entry <= count; entry++) targets.add(this.#label(reader, reader.u32()));
    this.tables.set(index, [...targets]);
  }

  /** The second byte of the saturating conversions (0-7) and bulk memory (8-11). */
  #prefixed(reader: Reader): number {
    const code = reader.u32();
    if (code > 0x0b) this.#refuse(reader, (op.prefix << 8) | (code & 0xff));
    const full = (op.prefix << 8) | code;
    if (full === op.memoryInit || full === op.dataDrop) reader.u32();
    const zeros =
      full === op.memoryCopy ? 2 : full === op.memoryInit || full === op.memoryFill ? 1 : 0;
    for (let zero = 0; zero < zeros; zero++) if (reader.byte() !== 0) reader.fail();
    return full;
  }

  #refuse(reader: Reader, opcode: number): never {
    throw new Fault("MODULE_OPCODE", { offset: reader.offset, value: opcode });
  }

  #over(reader: Reader, value: number, limit: number): never {
    throw new Fault(LIMIT, { offset: reader.offset, value, limit });
  }
}

/** A block type: none and value types negated, a type index as it is. */
function blockType(reader: Reader): number {
  const first = reader.bytes[reader.offset] ?? 0;
  if (first === EMPTY_BLOCK || isValueType(first)) return -reader.byte();
  const type = reader.i32();
  return type < 0 ? reader.fail() : type;
}
