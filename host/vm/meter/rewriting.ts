/**
 * One body while it is rewritten: the code so far, its locals, and the gas counter.
 *
 * The counter is a local that calls take to the operands and give back. One that was only just taken from
 * there is left there when the next call wants it.
 *
 * @module
 */
import { EMPTY_BLOCK, op } from "#host/vm/decode/opcodes.ts";
import { writeEnter, writeLowered, writeMove } from "#host/vm/meter/counters.ts";
import type { EmitContext, EmitFunction } from "#host/vm/meter/function.ts";
import type { OffsetMap } from "#host/vm/meter/offsets.ts";
import { writeResuming } from "#host/vm/meter/slices.ts";
import { Source } from "#host/vm/meter/source.ts";
import { Spares, type Spare } from "#host/vm/meter/spares.ts";
import { Writer } from "#host/vm/meter/writer.ts";

export class Rewriting {
  readonly context: EmitContext;
  readonly code = new Writer();
  readonly source: Source;
  readonly #locals = new Writer();
  readonly #spares = new Spares();
  function!: EmitFunction;
  /** Parameters of its own, and what is added behind them: locals declared there move up by as many. */
  parameters = 0;
  added = 0;
  /** Blocks that are open, those included that the function body had none of. */
  depth = 0;
  /** Loops that are open. */
  loops = 0;
  /** Where the body branches to ask for more gas, from the start of its code; once it is appended, of the body. */
  resumes: number[] = [];
  /** Where the code ended when the gas counter was last taken from the operands, and where that began. */
  #takenTo = -1;
  #takenFrom = -1;
  #branchesOut = false;

  constructor(context: EmitContext) {
    this.context = context;
    this.source = new Source(context.bytes, this.code);
  }

  /** Starts a body: checks the stack, and opens the blocks that ways out lead behind. */
  begin(one: EmitFunction): void {
    const { body, guardedBytes, takesGas, takesStack, type } = one;
    const { code, context } = this;
    this.function = one;
    this.parameters = context.types.at(type).params.length;
    this.added = (takesGas ? 1 : 0) + (takesStack ? 1 : 0);
    this.#spares.begin(this.parameters + this.added + body.localCount);
    this.depth = 0;
    this.loops = 0;
    this.#takenTo = -1;
    this.resumes = [];
    code.cut();
    this.source.begin(body);
    if (guardedBytes > 0) {
      writeEnter(code, this.parameters + 1, context.counters.stackGlobal, guardedBytes);
    }
    if (!takesGas) return;
    // Running out of gas leads behind this block; all other ways out lead to its last instruction.
    if (this.#canRunOut) code.pair(op.block, EMPTY_BLOCK);
    this.#branchesOut = one.charges.flow.branchesOut;
    if (this.#branchesOut) {
      code.byte(op.block).bytes(...context.types.block([], this.results));
      this.depth = 1;
    }
  }

  /** The last `end`, at `index`: gives the counter back, and lets whoever ran out of gas trap. */
  end(index: number): void {
    const { code } = this;
    this.source.copyTo(index);
    if (this.#branchesOut) code.byte(op.end);
    this.pushGas();
    if (!this.#canRunOut) return;
    code.pair(op.return, op.end);
    writeMove(code, this.#gas, this.context.counters.gasGlobal);
    code.byte(op.unreachable);
  }

  /** Appends the body with its size to `section`, and its verbatim runs to `offsets`. */
  append(section: Writer, offsets: OffsetMap | undefined): void {
    const locals = this.#locals;
    locals.cut();
    const { body } = this.function;
    locals.u32(body.locals.length + this.#spares.count);
    for (const run of body.locals) locals.u32(run.count).byte(run.type);
    this.#spares.write(locals);
    this.resumes = this.resumes.map((at) => locals.length + at);
    section.u32(locals.length + this.code.length).copy(locals.view());
    const base = section.length;
    section.copy(this.code.view());
    this.source.report(base, offsets);
  }

  get results(): readonly number[] {
    return this.context.types.at(this.function.type).results;
  }

  /** The index of a spare local, which exists from its first use. */
  spare(spare: Spare): number {
    return this.#spares.at(spare);
  }

  /** The index in rewritten code of a local of the contract's. */
  raised(local: number): number {
    return local < this.parameters ? local : local + this.added;
  }

  /** Charges a fixed amount before instruction `index`. */
  pay(index: number, gas: number): void {
    this.source.copyTo(index);
    this.charge(() => this.code.byte(op.i64Const).signed(gas));
  }

  /** Charges what `amount` pushes; out of gas, what repeats branches behind the block around the body, which is {@link depth} out. */
  charge(amount: () => void): void {
    this.pushGas();
    amount();
    if (!this.function.repeats && this.loops === 0) {
      this.code.byte(op.call).u32(this.context.helpers.pay);
      this.takeGas();
      return;
    }
    const { resume } = this.context.helpers;
    if (resume === undefined) writeLowered(this.code, this.#gas, this.depth);
    else this.resumes.push(writeResuming(this.code, this.#gas, resume));
  }

  /** Calls a helper that takes the gas counter and gives it back, before instruction `index`. */
  help(index: number, helper: number): void {
    this.source.copyTo(index);
    this.pushGas();
    this.code.byte(op.call).u32(helper);
    this.takeGas();
  }

  /** Pushes what a callee takes of the counters. */
  give(gas: boolean, stack: boolean): void {
    if (gas) this.pushGas();
    if (!stack) return;
    if (this.function.takesStack) this.code.byte(op.localGet).u32(this.parameters + 1);
    else this.code.byte(op.globalGet).u32(this.context.counters.stackGlobal);
  }

  /** Pushes the gas counter, which is still on top if it was only just taken from there. */
  pushGas(): void {
    if (!this.leaveGas()) this.code.byte(op.localGet).u32(this.#gas);
  }

  /** Takes the gas counter from the operands. */
  takeGas(): void {
    this.#takenFrom = this.code.length;
    this.code.byte(op.localSet).u32(this.#gas);
    this.#takenTo = this.code.length;
  }

  /** Leaves the gas counter among the operands if it was only just taken. @returns Whether it is there. */
  leaveGas(): boolean {
    if (this.code.length !== this.#takenTo) return false;
    this.code.cut(this.#takenFrom);
    this.#takenTo = -1;
    return true;
  }

  /** The local of the gas counter. */
  get #gas(): number {
    return this.parameters;
  }

  /** Whether the function charges where that has to be fast, and running out traps there. */
  get #canRunOut(): boolean {
    const { charges, repeats } = this.function;
    if (this.context.helpers.resume !== undefined) return false;
    return charges.any && (repeats || charges.flow.hasLoops);
  }
}
