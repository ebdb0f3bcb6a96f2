/**
 * Rewrites one function body: the contract's instructions, with insertions between them.
 *
 * Inserted are gas charges, the stack check of recursive functions, charges by length for memory
 * growth and bulk operations, and canonical NaNs where float bits would become visible. Nothing is
 * reordered; all that is replaced is a `br_if` that pays only if it branches. Indexes stay as they are, because everything new goes to the end.
 *
 * @module
 */
import { MODULE_LOCALS_MAX } from "#protocol/limits.ts";
import { FUNCTION_LABEL } from "#host/vm/decode/body.ts";
import { op, valueType } from "#host/vm/decode/opcodes.ts";
import {
  writeBack,
  writeCharge,
  writeEnter,
  writeExhausted,
  writeLeave,
  writeTake,
  type GasPlace,
} from "#host/vm/meter/counters.ts";
import { holdsGas } from "#host/vm/meter/held.ts";
import type { EmitContext, EmitFunction } from "#host/vm/meter/function.ts";
import {
  writeByteGas,
  writeCanonical,
  writeIfRefused,
  writePageGas,
} from "#host/vm/meter/insertions.ts";
import type { OffsetMap } from "#host/vm/meter/offsets.ts";
import { Writer } from "#host/vm/meter/writer.ts";

/** The locals a rewritten body may add, by purpose. */
type Spare = "gas" | "amount" | "grown" | "f32" | "f64";
const spareTypes: Readonly<Record<Spare, number>> = {
  gas: valueType.i64,
  amount: valueType.i32,
  grown: valueType.i32,
  f32: valueType.f32,
  f64: valueType.f64,
};

export class BodyEmitter {
  readonly #context: EmitContext;
  readonly #code = new Writer();
  readonly #spares = new Map<Spare, number>();
  #runs: [written: number, original: number, length: number][] = [];
  #function: EmitFunction | undefined;
  #copied = 0;
  /** Whether the function keeps the gas counter in a local. */
  #isHeld = false;

  constructor(context: EmitContext) {
    this.#context = context;
  }

  /** Appends the rewritten body with its size to `section`, and its verbatim runs to `offsets`. */
  emit(source: EmitFunction, section: Writer, offsets: OffsetMap | undefined): void {
    const { body, charges, guardedBytes } = source;
    this.#function = source;
    this.#code.clear();
    this.#spares.clear();
    this.#runs = [];
    this.#copied = body.offset[0] ?? 0;
    this.#isHeld = holdsGas(body, charges);
    if (guardedBytes !== undefined) {
      writeEnter(this.#code, this.#context.stackGlobal, guardedBytes);
    }
    if (this.#isHeld) writeTake(this.#code, this.#gas());
    // All ways out lead through the end of this block.
    if (this.#hasEpilogue()) this.#code.byte(op.block).bytes(...source.resultBlock);
    for (let index = 0; index < body.count; index++) {
      this.#pay(index, charges.amount[index] ?? 0);
      const missing = charges.missingElse.get(index);
      if (missing !== undefined) {
        this.#copyUpTo(index);
        this.#code.byte(op.else);
        this.#pay(index, missing);
      }
      this.#instruction(source, index, body.opcode[index] ?? 0);
    }
    this.#copyUpTo(body.count);
    this.#append(source, section, offsets);
  }

  #append(source: EmitFunction, section: Writer, offsets: OffsetMap | undefined): void {
    const locals = new Writer();
    const { body } = source;
    locals.u32(body.locals.length + this.#spares.size);
    for (const run of body.locals) locals.u32(run.count).byte(run.type);
    for (const spare of this.#spares.keys()) locals.u32(1).byte(spareTypes[spare]);
    section.u32(locals.length + this.#code.length).copy(locals.view());
    const base = section.length;
    section.copy(this.#code.view());
    for (const [written, original, length] of this.#runs)
      offsets?.add(base + written, original, length);
  }

  /** Copies the original up to the start of instruction `index`. */
  #copyUpTo(index: number): void {
    const end = this.#function?.body.offset[index] ?? 0;
    if (end <= this.#copied) return;
    this.#runs.push([this.#code.length, this.#copied, end - this.#copied]);
    this.#code.copy(this.#context.bytes, this.#copied, end);
    this.#copied = end;
  }

  #instruction(source: EmitFunction, index: number, code: number): void {
    switch (code) {
      case op.return:
        this.#copyUpTo(index);
        return this.#epilogue();
      case op.end:
        if (index !== source.body.count - 1 || !this.#hasEpilogue()) return;
        this.#copyUpTo(index);
        this.#code.byte(op.end);
        return this.#epilogue();
      case op.call:
      case op.callIndirect:
        return this.#call(index);
      case op.brIf: {
        const gas = source.charges.taken.get(index);
        return gas === undefined ? undefined : this.#payingBranch(source, index, gas);
      }
      case op.memoryGrow:
        return this.#grow(index);
      case op.memoryCopy:
      case op.memoryFill:
      case op.memoryInit:
        return this.#bulk(index);
      case op.f32Store:
      case op.i32ReinterpretF32:
      case op.f32Copysign:
        return this.#canonical(index, "f32");
      case op.f64Store:
      case op.i64ReinterpretF64:
      case op.f64Copysign:
        return this.#canonical(index, "f64");
      default:
        return;
    }
  }

  /** Charges a fixed amount before instruction `index`. */
  #pay(index: number, gas: number): void {
    if (gas === 0) return;
    this.#copyUpTo(index);
    this.#charge(() => this.#code.byte(op.i64Const).signed(gas));
  }

  /** Turns a `br_if` whose branch costs gas into an `if` that pays and branches. */
  #payingBranch(source: EmitFunction, index: number, gas: number): void {
    const { body } = source;
    this.#copyUpTo(index);
    this.#code.byte(op.if).bytes(...source.carryBlock(body.target[index] ?? FUNCTION_LABEL));
    this.#pay(index, gas);
    this.#code
      .byte(op.br)
      .u32((body.value[index] ?? 0) + 1)
      .byte(op.end);
    this.#copied = body.offset[index + 1] ?? 0;
  }

  #charge(amount: () => void): void {
    writeCharge(this.#code, this.#gas(), amount);
  }

  #gas(): GasPlace {
    const { gasGlobal } = this.#context;
    return { global: gasGlobal, local: this.#spare("gas"), isHeld: this.#isHeld };
  }

  #hasEpilogue(): boolean {
    return this.#isHeld || this.#function?.guardedBytes !== undefined;
  }

  /** Gives back what the function took: the gas counter and its frame. */
  #epilogue(): void {
    const bytes = this.#function?.guardedBytes;
    if (this.#isHeld) writeBack(this.#code, this.#gas());
    if (bytes !== undefined) writeLeave(this.#code, this.#context.stackGlobal, bytes);
  }

  /** Lends a held gas counter to what the call runs. */
  #call(index: number): void {
    if (!this.#isHeld) return;
    this.#copyUpTo(index);
    writeBack(this.#code, this.#gas());
    this.#copyUpTo(index + 1);
    writeTake(this.#code, this.#gas());
  }

  /** The index of a spare local, which exists from its first use. */
  #spare(spare: Spare): number {
    const known = this.#spares.get(spare);
    if (known !== undefined) return known;
    const { parameters, body } = this.#function ?? {
      parameters: 0,
      body: { localCount: MODULE_LOCALS_MAX },
    };
    const index = parameters + body.localCount + this.#spares.size;
    this.#spares.set(spare, index);
    return index;
  }

  /** Charges a bulk operation by its length, the operand on top: at most 2^30 gas, before it acts. */
  #bulk(index: number): void {
    this.#copyUpTo(index);
    const amount = this.#spare("amount");
    this.#code.byte(op.localSet).u32(amount);
    this.#charge(() => writeByteGas(this.#code, amount));
    this.#code.byte(op.localGet).u32(amount);
  }

  /**
   * Charges growth by page, at most 2^44 gas, and traps if the engine cannot give pages below the
   * limit: that depends on the machine, so the contract must not see it.
   */
  #grow(index: number): void {
    const code = this.#code;
    this.#copyUpTo(index);
    const amount = this.#spare("amount");
    code.byte(op.localSet).u32(amount);
    this.#charge(() => writePageGas(code, amount));
    code.byte(op.localGet).u32(amount);
    this.#copyUpTo(index + 1);
    const grown = this.#spare("grown");
    writeIfRefused(code, { grown, amount, pagesMax: this.#context.memoryPagesMax });
    if (this.#isHeld) writeBack(code, this.#gas());
    writeExhausted(code, this.#context.stackGlobal);
    code.bytes(op.end, op.end).byte(op.localGet).u32(grown);
  }

  /** Replaces the float on top by the canonical NaN if it is one, so that no payload is ever seen. */
  #canonical(index: number, spare: "f32" | "f64"): void {
    if (this.#function?.keepsNan?.(index) === true) return;
    this.#copyUpTo(index);
    writeCanonical(this.#code, spare, this.#spare(spare));
  }
}
