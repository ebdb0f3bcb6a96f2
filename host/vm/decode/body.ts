/**
 * Decodes one function body into flat arrays: opcode, immediate, offset and matching brackets.
 *
 * Bodies are hostile. Every cap is checked before anything is stored, nothing recurses on nesting, no
 * object is made for an instruction, and the arrays are used again for the next body: a large module
 * costs no more memory than its largest function.
 *
 * @module
 */
import {
  MODULE_BODY_BYTES_MAX,
  MODULE_BRANCH_TARGETS_MAX,
  MODULE_CALLS_MAX,
  MODULE_LOOPS_MAX,
  MODULE_NESTING_MAX,
} from "#protocol/limits.ts";
import { Locals } from "#host/vm/decode/locals.ts";
import { immediate, immediates, isValueType, op, EMPTY_BLOCK } from "#host/vm/decode/opcodes.ts";
import type { Reader } from "#host/vm/decode/reader.ts";

/** The function's own label as the target of a branch. */
export const FUNCTION_LABEL = -1;
/** How a block that takes and gives nothing is kept: value types are negated, so is "none". */
export const NO_BLOCK_TYPE = -EMPTY_BLOCK;

/** From here on a byte of LEB128 has another behind it. */
const CONTINUED = 0x80;
/** From here on the one byte of a signed number is negative. */
const SIGN = 0x40;
/** Greatest power of two of a memory access's alignment. */
const ALIGNMENT_MAX = 3;
const LAST_PREFIXED = op.tableCopy & 0xff;
const BULK_FIRST = op.memoryInit & 0xff;
/** Bulk operations that name a segment: bit 0 is `memory.init`. */
const SEGMENT_NAMED = 0b011_0011;
/** How often each names the one memory or table there is. */
const ZEROS = [1, 0, 2, 1, 1, 0, 2];

/**
 * The body decoded last. Instruction `i` lies at `offset[i]` and ends at `offset[i + 1]`.
 *
 * `value` is the index, i32 constant or block type of an instruction (value types negated).
 * `partner` leads from an opener to its `end`, and from `else` and `end` back to the opener;
 * `otherwise` from an `if` to its `else`, 0 if it has none. `target` is the opener a branch
 * leaves or repeats.
 */
export class Body {
  count = 0;
  /** Ways apart or together that an engine keeps all values at: branches, targets of tables, `if`, `else` and `loop`. */
  forks = 0;
  loops = 0;
  calls = 0;
  readonly locals: Locals = new Locals();
  opcode: Uint16Array = new Uint16Array(0);
  value: Int32Array = new Int32Array(0);
  offset: Uint32Array = new Uint32Array(0);
  partner: Int32Array = new Int32Array(0);
  otherwise: Int32Array = new Int32Array(0);
  target: Int32Array = new Int32Array(0);
  /** Targets of all branch tables behind each other; a table's `value` is where its own begin. */
  #targets = new Int32Array(0);
  #targetCount = 0;
  /** By opener: the table that led to it last, so that no table lists one twice. */
  #listed = new Int32Array(0);
  #table = 0;
  #open = new Int32Array(0);
  #depth = 0;

  /**
   * Decodes the body that `reader` spans.
   *
   * @throws {@link Fault} `MODULE_MALFORMED` if it is not a sequence of instructions that ends where the body ends.
   * @throws {@link Fault} `MODULE_OPCODE` if an instruction is not on the allow-list.
   * @throws {@link Fault} `MODULE_LIMIT` if body, locals, nesting, loops, calls or a branch table is over its cap.
   */
  decode(reader: Reader): void {
    const bodyBytes = reader.end - reader.offset;
    reader.limit("bodyBytes", bodyBytes, MODULE_BODY_BYTES_MAX);
    this.#reserve(bodyBytes + 1);
    this.#targetCount = 0;
    this.#depth = 0;
    this.forks = 0;
    this.loops = 0;
    this.calls = 0;
    this.locals.decode(reader);
    this.count = this.#instructions(reader);
    reader.mark = this.offset[0] ?? 0;
    reader.limit("loops", this.loops, MODULE_LOOPS_MAX);
    reader.limit("calls", this.calls, MODULE_CALLS_MAX);
    this.offset[this.count] = reader.offset;
    reader.mark = reader.offset;
    if (!reader.done) reader.fail();
  }

  /** Locals it declares, parameters apart. */
  get localCount(): number {
    return this.locals.count;
  }

  /** Openers that the `br_table` at `index` leads to, each once: a view, valid until the next body. */
  targetsOf(index: number): Int32Array {
    const start = this.value[index] ?? 0;
    return this.#targets.subarray(start, start + (this.target[index] ?? 0));
  }

  #reserve(capacity: number): void {
    if (capacity > this.opcode.length) {
      const size = Math.max(capacity, Math.min(this.opcode.length * 2, MODULE_BODY_BYTES_MAX + 1));
      this.opcode = new Uint16Array(size);
      this.value = new Int32Array(size);
      this.offset = new Uint32Array(size);
      this.partner = new Int32Array(size);
      this.otherwise = new Int32Array(size);
      this.target = new Int32Array(size);
      this.#listed = new Int32Array(size);
      this.#open = new Int32Array(size);
      this.#targets = new Int32Array(size);
      return;
    }
    this.value.fill(0, 0, capacity);
    this.otherwise.fill(0, 0, capacity);
  }

  /**
   * Decodes up to the `end` of the function and returns how many instructions that are.
   *
   * Code is made of short forms: one byte, or two with a small immediate. These stay within this loop;
   * all else, and all that is wrong, goes through the reader, which has to be told where it stands.
   */
  #instructions(reader: Reader): number {
    const { bytes, end } = reader;
    const { opcode, value, offset, partner, otherwise, target } = this;
    const open = this.#open;
    let depth = 0;
    let [forks, loops, calls] = [0, 0, 0];
    let at = reader.offset;
    for (let index = 0; ; index++) {
      offset[index] = at;
      const code = at < end ? (bytes[at] ?? 0) : this.#cut(reader, at);
      opcode[index] = code;
      const kind = immediates[code] ?? immediate.refused;
      at++;
      if (kind === immediate.none) continue;
      const byte = at < end ? (bytes[at] ?? CONTINUED) : CONTINUED;
      if (kind === immediate.index && byte < CONTINUED) {
        value[index] = byte;
        at++;
      } else if (kind === immediate.bracket && code === op.end && depth > 0) {
        const opener = open[--depth] ?? 0;
        partner[index] = opener;
        partner[opener] = index;
      } else if (code === op.else && depth > 0 && this.#takesElse(open[depth - 1] ?? 0)) {
        const opener = open[depth - 1] ?? 0;
        forks++;
        partner[index] = opener;
        otherwise[opener] = index;
      } else if (kind === immediate.i32 && byte < CONTINUED) {
        value[index] = byte < SIGN ? byte : byte - CONTINUED;
        at++;
      } else if (kind === immediate.call && byte < CONTINUED) {
        calls++;
        value[index] = byte;
        at++;
      } else if (kind === immediate.label && byte < depth && byte < CONTINUED) {
        forks++;
        value[index] = byte;
        target[index] = open[depth - 1 - byte] ?? 0;
        at++;
      } else if (kind === immediate.block && byte === EMPTY_BLOCK && depth < MODULE_NESTING_MAX) {
        if (code !== op.block) forks++;
        if (code === op.loop) loops++;
        value[index] = NO_BLOCK_TYPE;
        open[depth++] = index;
        at++;
      } else {
        reader.mark = at - 1;
        reader.offset = at;
        this.#depth = depth;
        if (!this.#other(reader, index, kind, code)) {
          this.forks += forks;
          this.loops += loops;
          this.calls += calls;
          return index + 1;
        }
        depth = this.#depth;
        at = reader.offset;
      }
    }
  }

  /** Whether the block that `opener` opens is an `if` that has no `else` yet. */
  #takesElse(opener: number): boolean {
    return this.opcode[opener] === op.if && this.otherwise[opener] === 0;
  }

  #cut(reader: Reader, at: number): never {
    reader.mark = at;
    return reader.fail();
  }

  /** Decodes what stands behind an opcode of the given kind, in any form; false after the function's own `end`. */
  #other(reader: Reader, index: number, kind: number, code: number): boolean {
    switch (kind) {
      case immediate.bracket:
        return this.#bracket(reader, index, code);
      case immediate.block:
        this.#opened(code);
        this.value[index] = blockType(reader);
        reader.limit("nesting", this.#depth + 1, MODULE_NESTING_MAX);
        this.#open[this.#depth++] = index;
        return true;
      case immediate.call:
        this.calls++;
        this.value[index] = reader.u32();
        return true;
      case immediate.index:
        this.value[index] = reader.u32();
        return true;
      case immediate.i32:
        this.value[index] = reader.i32();
        return true;
      case immediate.label:
        this.forks++;
        this.value[index] = reader.u32();
        this.target[index] = this.#label(reader, this.value[index] ?? 0);
        return true;
      case immediate.branchTable:
        this.#branchTable(reader, index);
        return true;
      case immediate.callIndirect:
        this.calls++;
        this.value[index] = reader.u32();
        if (reader.byte() !== 0) reader.fail();
        return true;
      case immediate.memoryAccess:
        if (reader.byte() > ALIGNMENT_MAX) reader.fail();
        reader.u32();
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
      case immediate.prefix:
        this.opcode[index] = prefixed(reader);
        return true;
      default:
        return reader.refuse("MODULE_OPCODE", { value: code });
    }
  }

  /** Counts what opens a block. */
  #opened(code: number): void {
    if (code !== op.block) this.forks++;
    if (code === op.loop) this.loops++;
  }

  /** The `end` of the function, which no block is open for; an `else` that comes here has no `if`. */
  #bracket(reader: Reader, index: number, code: number): false {
    if (code === op.else) return reader.fail();
    this.partner[index] = FUNCTION_LABEL;
    return false;
  }

  #label(reader: Reader, depth: number): number {
    const open = this.#depth;
    if (depth > open) reader.fail({ value: depth });
    return depth === open ? FUNCTION_LABEL : (this.#open[open - 1 - depth] ?? 0);
  }

  /** Keeps the targets of a table behind those of the last one: never more than there are bytes. */
  #branchTable(reader: Reader, index: number): void {
    const count = reader.u32();
    reader.limit("targets", count + 1, MODULE_BRANCH_TARGETS_MAX);
    const start = this.#targetCount;
    const table = ++this.#table;
    let leaves = false;
    for (let entry = 0; entry <= count; entry++) {
      const target = this.#label(reader, reader.u32());
      if (target === FUNCTION_LABEL) {
        if (leaves) continue;
        leaves = true;
      } else {
        if (this.#listed[target] === table) continue;
        this.#listed[target] = table;
      }
      this.#targets[this.#targetCount++] = target;
    }
    this.value[index] = start;
    this.target[index] = this.#targetCount - start;
    this.forks += this.#targetCount - start;
  }
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
