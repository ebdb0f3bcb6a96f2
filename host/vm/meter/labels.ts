/**
 * Branches of a rewritten body, and the loops that pay before they run: both count labels that the upload has not.
 *
 * @module
 */
import { EMPTY_BLOCK, FUNCTION_LABEL, NO_BLOCK_TYPE, op } from "#host/vm/decode/opcodes.ts";
import type { CountedCharge } from "#host/vm/meter/charges.ts";
import { shareMask, writeShare, writeShareGas } from "#host/vm/meter/insertions.ts";
import type { Rewriting } from "#host/vm/meter/rewriting.ts";
import { limits } from "#host/vm/meter/spares.ts";

/** Labels around a loop that pays before it runs. */
const LABELS_PER_COUNTED = 2;

export class Labels {
  readonly #rewriting: Rewriting;
  /** Loops that are open and pay before they run. */
  readonly #counted: CountedCharge[] = [];

  constructor(rewriting: Rewriting) {
    this.#rewriting = rewriting;
  }

  /** A `loop` at instruction `index`. */
  open(index: number): void {
    const counted = this.#rewriting.function.charges.counted.get(index);
    this.#rewriting.loops++;
    if (counted === undefined) this.#rewriting.depth++;
    else this.#openCounted(counted);
  }

  /** The `end` of a block at instruction `index`. */
  close(index: number): void {
    const rewriting = this.#rewriting;
    const { body } = rewriting.function;
    rewriting.depth--;
    if (body.opcode[body.partner[index] ?? 0] === op.loop) rewriting.loops--;
    if (this.#counted.at(-1)?.loop.end !== index) return;
    rewriting.source.copyTo(index + 1);
    rewriting.code.pair(op.br, 1).pair(op.end, op.end);
    rewriting.depth -= LABELS_PER_COUNTED;
    this.#counted.pop();
  }

  /** A branch out of a loop that pays before it runs leaves the labels that were added around it too. */
  branch(index: number): void {
    const added = this.#addedTo(index);
    if (added === 0) return;
    const { code, source } = this.#rewriting;
    const { body } = this.#rewriting.function;
    source.copyTo(index);
    code.byte(body.opcode[index] ?? 0).u32((body.value[index] ?? 0) + added);
    source.skipTo(index + 1);
  }

  /** A `br_if`: one whose branch costs gas becomes an `if` that pays and branches. */
  branchIf(index: number): void {
    const rewriting = this.#rewriting;
    const { body, charges } = rewriting.function;
    const gas = charges.taken[index] ?? 0;
    if (gas === 0) return this.branch(index);
    const { code, source } = rewriting;
    source.copyTo(index);
    const carried = this.#carried(body.target[index] ?? FUNCTION_LABEL);
    code.byte(op.if).bytes(...rewriting.context.types.block(carried, carried));
    rewriting.depth++;
    rewriting.pay(index, gas);
    rewriting.depth--;
    code.byte(op.br).u32((body.value[index] ?? 0) + 1 + this.#addedTo(index));
    code.byte(op.end);
    source.skipTo(index + 1);
  }

  /** How many labels were added between a branch and where it leads. */
  #addedTo(index: number): number {
    if (this.#counted.length === 0) return 0;
    const target = this.#rewriting.function.body.target[index] ?? FUNCTION_LABEL;
    let loops = 0;
    for (const { loop } of this.#counted) if (loop.opener > target) loops++;
    return loops * LABELS_PER_COUNTED;
  }

  /** What a branch to the label of `opener` carries. */
  #carried(opener: number): readonly number[] {
    const { context, function: of, results } = this.#rewriting;
    if (opener === FUNCTION_LABEL) return results;
    const type = of.body.value[opener] ?? NO_BLOCK_TYPE;
    const isLoop = of.body.opcode[opener] === op.loop;
    if (type >= 0) return context.types.at(type)[isLoop ? "params" : "results"];
    return type === NO_BLOCK_TYPE || isLoop ? [] : [-type];
  }

  /**
   * Wraps a loop in one that pays for a share of its iterations, and lets it run to the end of that share.
   *
   * The share is a power of two, but the first is what is left over: so it costs about the same gas whatever the
   * bound, and a loop that runs long is stopped in time.
   */
  #openCounted(counted: CountedCharge): void {
    const rewriting = this.#rewriting;
    const { code, source } = rewriting;
    const { body } = rewriting.function;
    const { opener, variable, bound } = counted.loop;
    source.copyTo(opener);
    const share = rewriting.spare("amount");
    const limit = rewriting.spare(limits[this.#counted.length] ?? "limit0");
    const condition = (writeBound: () => void): void => {
      if (bound < opener + 2) writeBound();
      code.byte(op.localGet).u32(rewriting.raised(variable));
      if (bound === opener + 2) writeBound();
      code.byte(body.opcode[opener + 3] ?? 0);
    };
    const pushBound = (): void => {
      const value = body.value[bound] ?? 0;
      if (body.opcode[bound] === op.i32Const) code.byte(op.i32Const).signed(value);
      else code.byte(op.localGet).u32(rewriting.raised(value));
    };
    code.pair(op.loop, EMPTY_BLOCK);
    condition(pushBound);
    code.pair(op.if, EMPTY_BLOCK);
    rewriting.depth += LABELS_PER_COUNTED;
    pushBound();
    code.byte(op.localGet).u32(rewriting.raised(variable)).byte(op.i32Sub);
    writeShare(code, shareMask(counted.gas), share);
    rewriting.charge(() => writeShareGas(code, share, counted.gas));
    code.byte(op.localGet).u32(rewriting.raised(variable)).byte(op.localGet).u32(share);
    code.pair(op.i32Add, op.i32Const).pair(1, op.i32Add).byte(op.localSet).u32(limit);
    code.pair(op.loop, EMPTY_BLOCK);
    rewriting.depth++;
    condition(() => void code.byte(op.localGet).u32(limit));
    source.skipTo(opener + 4);
    this.#counted.push(counted);
  }
}
