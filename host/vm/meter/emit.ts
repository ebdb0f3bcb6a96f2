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
import { op } from "#host/vm/decode/opcodes.ts";
import type { EmitContext, EmitFunction } from "#host/vm/meter/function.ts";
import { writeCanonical } from "#host/vm/meter/insertions.ts";
import { Labels } from "#host/vm/meter/labels.ts";
import { isNumber } from "#host/vm/meter/numbers.ts";
import type { OffsetMap } from "#host/vm/meter/offsets.ts";
import { Rewriting } from "#host/vm/meter/rewriting.ts";
import type { Writer } from "#host/vm/meter/writer.ts";

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
  readonly #rewriting: Rewriting;
  readonly #labels: Labels;

  constructor(context: EmitContext) {
    this.#context = context;
    this.#rewriting = new Rewriting(context);
    this.#labels = new Labels(this.#rewriting);
  }

  /** Where the last body written branches to ask for more gas, from its start. */
  get resumes(): number[] {
    return this.#rewriting.resumes;
  }

  /** Appends the rewritten body with its size to `section`, and its verbatim runs to `offsets`. */
  emit(one: EmitFunction, section: Writer, offsets: OffsetMap | undefined): void {
    const rewriting = this.#rewriting;
    rewriting.begin(one);
    const { opcode, count } = one.body;
    const { amount, missingElse } = one.charges;
    for (let index = 0; index < count; index++) {
      const code = opcode[index] ?? 0;
      const gas = amount[index] ?? 0;
      if (gas > 0) rewriting.pay(index, gas);
      if (code > 0xff || rewritten[code] === 1) {
        const missing = code === op.end ? (missingElse[index] ?? 0) : 0;
        if (missing > 0) this.#payElse(index, missing);
        this.#instruction(index, code);
      }
    }
    rewriting.source.copyTo(count);
    rewriting.append(section, offsets);
  }

  #instruction(index: number, code: number): void {
    const rewriting = this.#rewriting;
    const { helpers } = this.#context;
    switch (code) {
      case op.loop:
        return this.#labels.open(index);
      case op.block:
      case op.if:
        rewriting.depth++;
        return;
      case op.end:
        return this.#end(index);
      case op.br:
        return this.#labels.branch(index);
      case op.brIf:
        return this.#labels.branchIf(index);
      case op.unreachable:
        // Nobody looks at the counter any more, so it may stay among the operands.
        rewriting.source.copyTo(index);
        return void rewriting.leaveGas();
      case op.return:
        return this.#return(index);
      case op.localGet:
      case op.localSet:
      case op.localTee:
        return this.#local(index);
      case op.call:
        return this.#call(index);
      case op.callIndirect:
        return this.#callIndirect(index);
      case op.memoryGrow:
        rewriting.help(index, helpers.grow);
        return rewriting.source.skipTo(index + 1);
      // Bulk operations are charged by their length, the operand on top, before they act.
      case op.memoryCopy:
      case op.memoryFill:
      case op.memoryInit:
        return rewriting.help(index, helpers.payBytes);
      case op.tableInit:
      case op.tableCopy:
        return rewriting.help(index, helpers.payEntries);
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

  #end(index: number): void {
    const { body, takesGas } = this.#rewriting.function;
    this.#labels.close(index);
    if (index === body.count - 1 && takesGas) this.#rewriting.end(index);
  }

  #return(index: number): void {
    const rewriting = this.#rewriting;
    if (!rewriting.function.takesGas) return;
    rewriting.source.copyTo(index);
    rewriting.pushGas();
  }

  #local(index: number): void {
    const { added, parameters, source } = this.#rewriting;
    const { body } = this.#rewriting.function;
    if (added > 0 && (body.value[index] ?? 0) >= parameters) source.raise(index, added);
  }

  /** Makes the `else` that an `if` does not have, to charge there. */
  #payElse(index: number, gas: number): void {
    const { code, source } = this.#rewriting;
    source.copyTo(index);
    code.byte(op.else);
    this.#rewriting.pay(index, gas);
  }

  #call(index: number): void {
    const { code, source } = this.#rewriting;
    const called = this.#rewriting.function.body.value[index] ?? 0;
    const callee = this.#context.callee(called);
    if (!callee.takesGas && callee.index === called) return;
    source.copyTo(index);
    this.#rewriting.give(callee.takesGas, callee.takesStack);
    code.byte(op.call).u32(callee.index);
    source.skipTo(index + 1);
    if (callee.takesGas) this.#rewriting.takeGas();
  }

  /** Whatever stands in the table takes both counters. */
  #callIndirect(index: number): void {
    const rewriting = this.#rewriting;
    const { code, source } = rewriting;
    source.copyTo(index);
    const entry = rewriting.spare("amount");
    code.byte(op.localSet).u32(entry);
    rewriting.give(true, true);
    code.byte(op.localGet).u32(entry);
    const type = this.#context.types.spending(rewriting.function.body.value[index] ?? 0, true);
    code.byte(op.callIndirect).u32(type).byte(0);
    source.skipTo(index + 1);
    rewriting.takeGas();
  }

  /** Replaces the float on top by the canonical NaN if it is one, so that no payload is ever seen. */
  #canonical(index: number, spare: "f32" | "f64"): void {
    const { code, source } = this.#rewriting;
    const { body, keepsNan } = this.#rewriting.function;
    if (keepsNan?.(index) === true || isNumber(body, index - 1, this.#context.bytes)) return;
    source.copyTo(index);
    const nan = this.#context.added.nan(spare);
    writeCanonical(code, spare, { local: this.#rewriting.spare(spare), nan });
  }
}
