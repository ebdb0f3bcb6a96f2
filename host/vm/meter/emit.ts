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
import { FUNCTION_LABEL, type Body } from "#host/vm/decode/body.ts";
import { EMPTY_BLOCK, op, valueType } from "#host/vm/decode/opcodes.ts";
import type { Charges } from "#host/vm/meter/charges.ts";
import { writeCharge, writeEnter, writeExhausted, writeLeave } from "#host/vm/meter/counters.ts";
import type { OffsetMap } from "#host/vm/meter/offsets.ts";
import { BULK_BYTES_PER_GAS_SHIFT, PAGE_GAS } from "#host/vm/meter/prices.ts";
import { Writer } from "#host/vm/meter/writer.ts";

/** Facts about the module that every body needs. */
export interface EmitContext {
  readonly bytes: Uint8Array;
  readonly gasGlobal: number;
  readonly stackGlobal: number;
  readonly memoryPagesMax: number;
}

/** One function to rewrite. */
export interface EmitFunction {
  readonly body: Body;
  readonly charges: Charges;
  readonly parameters: number;
  /** Bytes of the frame if the function is recursive, else undefined. */
  readonly guardedBytes: number | undefined;
  /** Whether the float on top before an instruction keeps its bits; without it, none does. */
  readonly keepsNan: ((index: number) => boolean) | undefined;
  /** The block type that gives the function's results, as encoded bytes. */
  readonly resultBlock: readonly number[];
  /** The block type that takes and gives what a branch to the label of `opener` carries, as encoded bytes. */
  readonly carryBlock: (opener: number) => readonly number[];
}

const CANONICAL_F32 = [op.f32Const, 0x00, 0x00, 0xc0, 0x7f];
const CANONICAL_F64 = [op.f64Const, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f];
const SHIFT_U = 0x76;

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
    if (guardedBytes !== undefined) {
      writeEnter(this.#code, this.#context.stackGlobal, guardedBytes);
      this.#code.byte(op.block).bytes(...source.resultBlock);
    }
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
        if (source.guardedBytes === undefined) return;
        this.#copyUpTo(index);
        return writeLeave(this.#code, this.#context.stackGlobal, source.guardedBytes);
      case op.end:
        if (index !== source.body.count - 1 || source.guardedBytes === undefined) return;
        this.#copyUpTo(index);
        this.#code.byte(op.end);
        return writeLeave(this.#code, this.#context.stackGlobal, source.guardedBytes);
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
        return this.#canonical(index, "f32", CANONICAL_F32, op.f32Ne);
      case op.f64Store:
      case op.i64ReinterpretF64:
      case op.f64Copysign:
        return this.#canonical(index, "f64", CANONICAL_F64, op.f64Ne);
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
    writeCharge(this.#code, this.#context.gasGlobal, this.#spare("gas"), amount);
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
    this.#charge(() => {
      this.#code.byte(op.localGet).u32(amount);
      this.#code
        .byte(op.i32Const)
        .signed(BULK_BYTES_PER_GAS_SHIFT)
        .bytes(SHIFT_U, op.i64ExtendI32U);
    });
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
    this.#charge(() => {
      code.byte(op.localGet).u32(amount).byte(op.i64ExtendI32U);
      code.byte(op.i64Const).signed(PAGE_GAS).byte(op.i64Mul);
    });
    code.byte(op.localGet).u32(amount);
    this.#copyUpTo(index + 1);
    const grown = this.#spare("grown");
    code.byte(op.localTee).u32(grown).bytes(op.i32Const, 0x7f, op.i32Eq, op.if, EMPTY_BLOCK);
    code.bytes(op.memorySize, 0, op.i64ExtendI32U);
    code.byte(op.localGet).u32(amount).bytes(op.i64ExtendI32U, op.i64Add);
    code
      .byte(op.i64Const)
      .signed(this.#context.memoryPagesMax)
      .bytes(op.i64LeU, op.if, EMPTY_BLOCK);
    writeExhausted(code, this.#context.stackGlobal);
    code.bytes(op.end, op.end).byte(op.localGet).u32(grown);
  }

  /** Replaces the float on top by the canonical NaN if it is one, so that no payload is ever seen. */
  #canonical(index: number, spare: "f32" | "f64", nan: readonly number[], notEqual: number): void {
    if (this.#function?.keepsNan?.(index) === true) return;
    const code = this.#code;
    this.#copyUpTo(index);
    const local = this.#spare(spare);
    code.byte(op.localTee).u32(local).byte(op.localGet).u32(local).byte(notEqual);
    code
      .bytes(op.if, EMPTY_BLOCK)
      .bytes(...nan)
      .byte(op.localSet)
      .u32(local)
      .byte(op.end);
    code.byte(op.localGet).u32(local);
  }
}
