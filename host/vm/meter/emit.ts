/**
 * Rewrites one function body: the contract's instructions, with insertions between them.
 *
 * Inserted are gas charges, the stack check of recursive functions, both counters around calls, charges by
 * length for memory growth and bulk operations, and canonical NaNs where float bits would become visible.
 * Nothing is reordered; replaced are the indexes of locals that parameters were added before, those of
 * functions and types that take other parameters now, and a `br_if` that pays only if it branches.
 *
 * @module
 */
import {
  EMPTY_BLOCK,
  FUNCTION_LABEL,
  NO_BLOCK_TYPE,
  op,
  valueType,
} from "#host/vm/decode/opcodes.ts";
import { writeEnter, writeLowered, writeMove } from "#host/vm/meter/counters.ts";
import type { EmitContext, EmitFunction } from "#host/vm/meter/function.ts";
import type { CountedCharge } from "#host/vm/meter/charges.ts";
import { shareMask, writeCanonical, writeShare, writeShareGas } from "#host/vm/meter/insertions.ts";
import { isNumber } from "#host/vm/meter/numbers.ts";
import type { OffsetMap } from "#host/vm/meter/offsets.ts";
import { writeResuming } from "#host/vm/meter/slices.ts";
import { Source } from "#host/vm/meter/source.ts";
import { Writer } from "#host/vm/meter/writer.ts";

/** The locals a rewritten body may add, by purpose. */
type Spare = "amount" | "f32" | "f64" | (typeof limits)[number];
/** Ends of the shares of loops that pay before they run, by how many of these are around. */
const limits = ["limit0", "limit1", "limit2", "limit3"] as const;
const spareTypes: Readonly<Record<Spare, number>> = {
  amount: valueType.i32,
  limit0: valueType.i32,
  limit1: valueType.i32,
  limit2: valueType.i32,
  limit3: valueType.i32,
  f32: valueType.f32,
  f64: valueType.f64,
};

/** Labels around a loop that pays before it runs. */
const LABELS_PER_COUNTED = 2;

/** 1 for each opcode that is rewritten, or may be, or opens or closes a block. */
const rewritten = new Uint8Array(256);
for (const code of [op.unreachable, op.block, op.loop, op.if, op.end, op.br, op.brIf, op.return])
  rewritten[code] = 1;
for (const code of [op.call, op.callIndirect, op.memoryGrow]) rewritten[code] = 1;
for (const code of [op.localGet, op.localSet, op.localTee]) rewritten[code] = 1;
for (const code of [op.f32Store, op.i32ReinterpretF32, op.f32Copysign]) rewritten[code] = 1;
for (const code of [op.f64Store, op.i64ReinterpretF64, op.f64Copysign]) rewritten[code] = 1;

export class BodyEmitter {
  readonly #context: EmitContext;
  readonly #code = new Writer();
  readonly #locals = new Writer();
  readonly #source: Source;
  readonly #spares = new Map<Spare, number>();
  #function!: EmitFunction;
  /** Parameters of its own, and what is added behind them: locals declared there move up by as many. */
  #parameters = 0;
  #added = 0;
  /** Blocks that are open, and how many of them the function body had none of. */
  #depth = 0;
  /** Loops that are open. */
  #loops = 0;
  /** Where the code ended when the gas counter was last taken from the operands, and where that began. */
  #takenTo = -1;
  #takenFrom = -1;
  #branchesOut = false;
  /** Loops that are open and pay before they run. */
  readonly #counted: CountedCharge[] = [];
  /** Where the last body written branches to ask for more gas, from its start. */
  resumes: number[] = [];

  constructor(context: EmitContext) {
    this.#context = context;
    this.#source = new Source(context.bytes, this.#code);
  }

  /** Appends the rewritten body with its size to `section`, and its verbatim runs to `offsets`. */
  emit(one: EmitFunction, section: Writer, offsets: OffsetMap | undefined): void {
    this.#begin(one);
    const { opcode, count } = one.body;
    const { amount, missingElse } = one.charges;
    for (let index = 0; index < count; index++) {
      const code = opcode[index] ?? 0;
      const gas = amount[index] ?? 0;
      if (gas > 0) this.#pay(index, gas);
      if (code > 0xff || rewritten[code] === 1) {
        const missing = code === op.end ? (missingElse[index] ?? 0) : 0;
        if (missing > 0) this.#payElse(index, missing);
        this.#instruction(index, code);
      }
    }
    this.#source.copyTo(count);
    this.#append(section, offsets);
  }

  #begin(one: EmitFunction): void {
    const { body, guardedBytes, takesGas, takesStack, type } = one;
    const code = this.#code;
    this.#function = one;
    this.#parameters = this.#context.types.at(type).params.length;
    this.#added = (takesGas ? 1 : 0) + (takesStack ? 1 : 0);
    this.#spares.clear();
    this.#depth = 0;
    this.#loops = 0;
    this.#takenTo = -1;
    this.resumes = [];
    code.cut();
    this.#source.begin(body);
    if (guardedBytes > 0) {
      writeEnter(code, this.#parameters + 1, this.#context.counters.stackGlobal, guardedBytes);
    }
    if (!takesGas) return;
    // Running out of gas leads behind this block; all other ways out lead to its last instruction.
    if (this.#canRunOut()) code.pair(op.block, EMPTY_BLOCK);
    this.#branchesOut = one.charges.flow.branchesOut;
    if (this.#branchesOut) {
      code.byte(op.block).bytes(...this.#context.types.block([], this.#results()));
      this.#depth = 1;
    }
  }

  #results(): readonly number[] {
    return this.#context.types.at(this.#function.type).results;
  }

  #append(section: Writer, offsets: OffsetMap | undefined): void {
    const locals = this.#locals;
    locals.cut();
    const { body } = this.#function;
    locals.u32(body.locals.length + this.#spares.size);
    for (const run of body.locals) locals.u32(run.count).byte(run.type);
    for (const spare of this.#spares.keys()) locals.u32(1).byte(spareTypes[spare]);
    this.resumes = this.resumes.map((at) => locals.length + at);
    section.u32(locals.length + this.#code.length).copy(locals.view());
    const base = section.length;
    section.copy(this.#code.view());
    this.#source.report(base, offsets);
  }

  #instruction(index: number, code: number): void {
    const { body, takesGas } = this.#function;
    switch (code) {
      case op.loop: {
        this.#loops++;
        const counted = this.#function.charges.counted.get(index);
        if (counted !== undefined) this.#openCounted(counted);
        else this.#depth++;
        return;
      }
      case op.block:
      case op.if:
        this.#depth++;
        return;
      case op.end:
        this.#depth--;
        if (body.opcode[body.partner[index] ?? 0] === op.loop) this.#loops--;
        if (this.#counted.at(-1)?.loop.end === index) this.#closeCounted(index);
        if (index === body.count - 1 && takesGas) this.#end(index);
        return;
      case op.br:
        return this.#branch(index);
      case op.brIf:
        if ((this.#function.charges.taken[index] ?? 0) > 0) return this.#payingBranch(index);
        return this.#branch(index);
      case op.unreachable:
        // Nobody looks at the counter any more, so it may stay among the operands.
        this.#source.copyTo(index);
        if (this.#code.length === this.#takenTo) this.#code.cut(this.#takenFrom);
        this.#takenTo = -1;
        return;
      case op.return:
        if (!takesGas) return;
        this.#source.copyTo(index);
        return this.#pushGas();
      case op.localGet:
      case op.localSet:
      case op.localTee:
        if (this.#added > 0 && (body.value[index] ?? 0) >= this.#parameters) {
          this.#source.raise(index, this.#added);
        }
        return;
      case op.call:
        return this.#call(index);
      case op.callIndirect:
        return this.#callIndirect(index);
      case op.memoryGrow:
        return this.#grow(index);
      case op.memoryCopy:
      case op.memoryFill:
      case op.memoryInit:
        return this.#bulk(index, this.#context.helpers.payBytes);
      case op.tableInit:
      case op.tableCopy:
        return this.#bulk(index, this.#context.helpers.payEntries);
      case op.f32Store:
      case op.i32ReinterpretF32:
      case op.f32Copysign:
        return this.#canonical(index, "f32");
      case op.f64Store:
      case op.i64ReinterpretF64:
      case op.f64Copysign:
        return this.#canonical(index, "f64");
    }
  }

  /** The last `end`: gives the counter back, and lets whoever ran out of gas trap. */
  #end(index: number): void {
    const code = this.#code;
    this.#source.copyTo(index);
    if (this.#branchesOut) code.byte(op.end);
    this.#pushGas();
    if (!this.#canRunOut()) return;
    code.pair(op.return, op.end);
    writeMove(code, this.#gas(), this.#context.counters.gasGlobal);
    code.byte(op.unreachable);
  }

  /** Whether the function charges where that has to be fast, and running out traps there. */
  #canRunOut(): boolean {
    const { charges, repeats } = this.#function;
    if (this.#context.helpers.resume !== undefined) return false;
    return charges.any && (repeats || charges.flow.hasLoops);
  }

  /** Pushes the gas counter, which is still on top if it was only just taken from there. */
  #pushGas(): void {
    if (this.#code.length === this.#takenTo) {
      this.#code.cut(this.#takenFrom);
      this.#takenTo = -1;
    } else this.#code.byte(op.localGet).u32(this.#gas());
  }

  /** The local of the gas counter. */
  #gas(): number {
    return this.#parameters;
  }

  /** Charges a fixed amount before instruction `index`. */
  #pay(index: number, gas: number): void {
    this.#source.copyTo(index);
    this.#charge(() => this.#code.byte(op.i64Const).signed(gas));
  }

  /** Makes the `else` that an `if` does not have, to charge there. */
  #payElse(index: number, gas: number): void {
    this.#source.copyTo(index);
    this.#code.byte(op.else);
    this.#pay(index, gas);
  }

  /** Charges what `amount` pushes; out of gas, what repeats branches behind the block around the body, which is {@link #depth} out. */
  #charge(amount: () => void): void {
    this.#pushGas();
    amount();
    if (!this.#function.repeats && this.#loops === 0) {
      this.#code.byte(op.call).u32(this.#context.helpers.pay);
      this.#take();
      return;
    }
    const { resume } = this.#context.helpers;
    if (resume === undefined) writeLowered(this.#code, this.#gas(), this.#depth);
    else this.resumes.push(writeResuming(this.#code, this.#gas(), resume));
  }

  /** Turns a `br_if` whose branch costs gas into an `if` that pays and branches. */
  #payingBranch(index: number): void {
    const { body, charges } = this.#function;
    this.#source.copyTo(index);
    const carried = this.#carried(body.target[index] ?? FUNCTION_LABEL);
    this.#code.byte(op.if).bytes(...this.#context.types.block(carried, carried));
    this.#depth++;
    this.#pay(index, charges.taken[index] ?? 0);
    this.#depth--;
    this.#code.byte(op.br).u32((body.value[index] ?? 0) + 1 + this.#labelsAdded(index));
    this.#code.byte(op.end);
    this.#source.skipTo(index + 1);
  }

  /** A branch out of a loop that pays before it runs leaves the labels that were added around it too. */
  #branch(index: number): void {
    const added = this.#labelsAdded(index);
    if (added === 0) return;
    const { body } = this.#function;
    this.#source.copyTo(index);
    this.#code.byte(body.opcode[index] ?? 0).u32((body.value[index] ?? 0) + added);
    this.#source.skipTo(index + 1);
  }

  /** How many labels were added between a branch and where it leads. */
  #labelsAdded(index: number): number {
    if (this.#counted.length === 0) return 0;
    const target = this.#function.body.target[index] ?? FUNCTION_LABEL;
    let loops = 0;
    for (const { loop } of this.#counted) if (loop.opener > target) loops++;
    return loops * LABELS_PER_COUNTED;
  }

  /**
   * Wraps a loop in one that pays for a share of its iterations, and lets it run to the end of that share.
   *
   * The share is a power of two, but the first is what is left over: so it costs about the same gas whatever the
   * bound, and a loop that runs long is stopped in time.
   */
  #openCounted(counted: CountedCharge): void {
    const { body } = this.#function;
    const { opener, variable, bound } = counted.loop;
    const code = this.#code;
    this.#source.copyTo(opener);
    const share = this.#spare("amount");
    const limit = this.#spare(limits[this.#counted.length] ?? "limit0");
    const condition = (writeBound: () => void): void => {
      if (bound < opener + 2) writeBound();
      code.byte(op.localGet).u32(this.#raised(variable));
      if (bound === opener + 2) writeBound();
      code.byte(body.opcode[opener + 3] ?? 0);
    };
    const pushBound = (): void => {
      const value = body.value[bound] ?? 0;
      if (body.opcode[bound] === op.i32Const) code.byte(op.i32Const).signed(value);
      else code.byte(op.localGet).u32(this.#raised(value));
    };
    code.pair(op.loop, EMPTY_BLOCK);
    condition(pushBound);
    code.pair(op.if, EMPTY_BLOCK);
    this.#depth += LABELS_PER_COUNTED;
    pushBound();
    code.byte(op.localGet).u32(this.#raised(variable)).byte(op.i32Sub);
    writeShare(code, shareMask(counted.gas), share);
    this.#charge(() => writeShareGas(code, share, counted.gas));
    code.byte(op.localGet).u32(this.#raised(variable)).byte(op.localGet).u32(share);
    code.pair(op.i32Add, op.i32Const).pair(1, op.i32Add).byte(op.localSet).u32(limit);
    code.pair(op.loop, EMPTY_BLOCK);
    this.#depth++;
    condition(() => void code.byte(op.localGet).u32(limit));
    this.#source.skipTo(opener + 4);
    this.#counted.push(counted);
  }

  #closeCounted(index: number): void {
    this.#source.copyTo(index + 1);
    this.#code.pair(op.br, 1).pair(op.end, op.end);
    this.#depth -= LABELS_PER_COUNTED;
    this.#counted.pop();
  }

  /** The index in rewritten code of a local of the contract's. */
  #raised(local: number): number {
    return local < this.#parameters ? local : local + this.#added;
  }

  /** What a branch to the label of `opener` carries. */
  #carried(opener: number): readonly number[] {
    const { body } = this.#function;
    if (opener === FUNCTION_LABEL) return this.#results();
    const type = body.value[opener] ?? NO_BLOCK_TYPE;
    const isLoop = body.opcode[opener] === op.loop;
    if (type >= 0) return this.#context.types.at(type)[isLoop ? "params" : "results"];
    return type === NO_BLOCK_TYPE || isLoop ? [] : [-type];
  }

  #call(index: number): void {
    const { body } = this.#function;
    const called = body.value[index] ?? 0;
    const callee = this.#context.callee(called);
    if (!callee.takesGas && callee.index === called) return;
    this.#source.copyTo(index);
    this.#give(callee.takesGas, callee.takesStack);
    this.#code.byte(op.call).u32(callee.index);
    this.#source.skipTo(index + 1);
    if (callee.takesGas) this.#take();
  }

  /** Whatever stands in the table takes both counters. */
  #callIndirect(index: number): void {
    const { body } = this.#function;
    const code = this.#code;
    this.#source.copyTo(index);
    const entry = this.#spare("amount");
    code.byte(op.localSet).u32(entry);
    this.#give(true, true);
    code.byte(op.localGet).u32(entry);
    const type = this.#context.types.spending(body.value[index] ?? 0, true);
    code.byte(op.callIndirect).u32(type).byte(0);
    this.#source.skipTo(index + 1);
    this.#take();
  }

  /** Pushes what a callee takes of the counters. */
  #give(gas: boolean, stack: boolean): void {
    const code = this.#code;
    if (gas) this.#pushGas();
    if (!stack) return;
    if (this.#function.takesStack) code.byte(op.localGet).u32(this.#parameters + 1);
    else code.byte(op.globalGet).u32(this.#context.counters.stackGlobal);
  }

  /** Takes the gas counter from the operands. */
  #take(): void {
    this.#takenFrom = this.#code.length;
    this.#code.byte(op.localSet).u32(this.#gas());
    this.#takenTo = this.#code.length;
  }

  /** The index of a spare local, which exists from its first use. */
  #spare(spare: Spare): number {
    const known = this.#spares.get(spare);
    if (known !== undefined) return known;
    const { body } = this.#function;
    const index = this.#parameters + this.#added + body.localCount + this.#spares.size;
    this.#spares.set(spare, index);
    return index;
  }

  /** Charges a bulk operation by its length, the operand on top, before it acts. */
  #bulk(index: number, pay: number): void {
    this.#source.copyTo(index);
    this.#help(pay);
  }

  #grow(index: number): void {
    this.#source.copyTo(index);
    this.#help(this.#context.helpers.grow);
    this.#source.skipTo(index + 1);
  }

  /** Calls a helper that takes the gas counter and gives it back. */
  #help(helper: number): void {
    this.#pushGas();
    this.#code.byte(op.call).u32(helper);
    this.#take();
  }

  /** Replaces the float on top by the canonical NaN if it is one, so that no payload is ever seen. */
  #canonical(index: number, spare: "f32" | "f64"): void {
    const { body, keepsNan } = this.#function;
    if (keepsNan?.(index) === true || isNumber(body, index - 1, this.#context.bytes)) return;
    this.#source.copyTo(index);
    const nan = this.#context.added.nan(spare);
    writeCanonical(this.#code, spare, { local: this.#spare(spare), nan });
  }
}
