/**
 * Instructions of one body in flat arrays, and how far they have been decoded.
 *
 * @module
 */
import { MODULE_BODY_BYTES_MAX } from "#protocol/limits.ts";
import { BranchTables } from "#host/vm/decode/branch-tables.ts";

/** What is counted of instructions. */
type Tally = Readonly<Record<"forks" | "loops" | "calls", number>>;

/**
 * Those of the body decoded last. Instruction `i` lies at `offset[i]` and ends at `offset[i + 1]`.
 *
 * `value` is the index, i32 constant or block type of an instruction (value types negated), 0 for other
 * constants. `partner` leads from an opener to its `end`, and from `else` and `end` back to the opener;
 * `otherwise` from an `if` to its `else`, 0 if it has none. `target` is the opener a branch
 * leaves or repeats. What an instruction does not have is left over from another body.
 */
export class Instructions {
  count = 0;
  /** Ways apart or together that an engine keeps all values at: branches, targets of tables, `if`, `else` and `loop`. */
  forks = 0;
  loops = 0;
  calls = 0;
  readonly tables: BranchTables = new BranchTables();
  opcode: Uint16Array = new Uint16Array(0);
  value: Int32Array = new Int32Array(0);
  offset: Uint32Array = new Uint32Array(0);
  partner: Int32Array = new Int32Array(0);
  otherwise: Int32Array = new Int32Array(0);
  target: Int32Array = new Int32Array(0);
  /** Openers whose `end` has not come, and how many: for those who decode. */
  open: Int32Array = new Int32Array(0);
  depth = 0;
  /** Where the next instruction begins. */
  at = 0;

  /** Openers that the `br_table` at `index` leads to, each once: a view, valid until the next body. */
  targetsOf(index: number): Int32Array {
    return this.tables.targets(this.value[index] ?? 0, this.target[index] ?? 0);
  }

  /** Goes on to `at`, where `depth` blocks are open, past so many of what is counted. */
  advance(at: number, depth: number, { forks, loops, calls }: Tally): void {
    this.at = at;
    this.depth = depth;
    this.forks += forks;
    this.loops += loops;
    this.calls += calls;
  }

  /** Makes room for a body of so many bytes, and forgets the one before. */
  protected begin(bytes: number): void {
    this.#reserve(bytes + 1);
    this.tables.clear();
    this.depth = 0;
    this.forks = 0;
    this.loops = 0;
    this.calls = 0;
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
    this.open = new Int32Array(size);
    this.tables.reserve(size);
  }
}
