/**
 * Functions that metered code calls where its size counts for more than its speed.
 *
 * All take the gas counter last and give back what is left of it, last too; out of gas they trap with the
 * global below zero, or ask for more.
 *
 * @module
 */
import { EMPTY_BLOCK, op, valueType } from "#host/vm/decode/opcodes.ts";
import type { Added } from "#host/vm/meter/added.ts";
import { writeExhausted, writeMove, type Counters } from "#host/vm/meter/counters.ts";
import { BULK_BYTES_PER_GAS_SHIFT, ENTRY_GAS, PAGE_GAS } from "#host/vm/meter/prices.ts";
import { writeResume, writeResuming } from "#host/vm/meter/slices.ts";
import type { Writer } from "#host/vm/meter/writer.ts";

const { i32, i64 } = valueType;

export interface HelperOptions {
  readonly counters: Counters;
  readonly memoryPagesMax: number;
  /** Index of the table by which code asks for more gas; without it, running out traps. */
  readonly sliceTable: number | undefined;
}

export class Helpers {
  /** The function that asks the host for more gas; without it, running out traps. */
  readonly resume: number | undefined;
  readonly #added: Added;
  readonly #options: HelperOptions;

  constructor(added: Added, options: HelperOptions) {
    this.#added = added;
    this.#options = options;
    const { counters, sliceTable } = options;
    if (sliceTable === undefined) return;
    this.resume = added.named("resume", [i64], [i64], (code, typeOf) => {
      writeResume(code, counters.gasGlobal, typeOf([], []), sliceTable);
    });
  }

  /** Takes the gas counter and, behind it, what to pay. */
  get pay(): number {
    return this.#added.named("pay", [i64, i64], [i64], (code) => {
      code.pair(op.localGet, 0).pair(op.localGet, 1);
      this.#writePaid(code, 0);
      code.pair(op.localGet, 0);
    });
  }

  /** Pays for as many bytes as its argument says, and gives that back before the counter: at most 2^30 gas. */
  get payBytes(): number {
    return this.#added.named("payBytes", [i32, i64], [i32, i64], (code) => {
      code.pair(op.localGet, 1).pair(op.localGet, 0);
      code.pair(op.i32Const, BULK_BYTES_PER_GAS_SHIFT).pair(op.i32ShrU, op.i64ExtendI32U);
      this.#writePaid(code, 1);
      code.pair(op.localGet, 0).pair(op.localGet, 1);
    });
  }

  /** Pays for as many table entries as its argument says, and gives that back before the counter: at most 2^38 gas. */
  get payEntries(): number {
    return this.#added.named("payEntries", [i32, i64], [i32, i64], (code) => {
      code.pair(op.localGet, 1).pair(op.localGet, 0);
      code.pair(op.i64ExtendI32U, op.i64Const).signed(ENTRY_GAS).byte(op.i64Mul);
      this.#writePaid(code, 1);
      code.pair(op.localGet, 0).pair(op.localGet, 1);
    });
  }

  /**
   * Grows memory and gives what `memory.grow` gives. It is paid for by page, at most 2^44 gas, and traps if
   * the engine cannot give pages below the limit: that depends on the machine, so the contract must not see it.
   */
  get grow(): number {
    return this.#added.named("grow", [i32, i64], [i32, i64], (code) => {
      const { counters, memoryPagesMax } = this.#options;
      code.pair(op.localGet, 1).pair(op.localGet, 0);
      code.pair(op.i64ExtendI32U, op.i64Const).signed(PAGE_GAS).byte(op.i64Mul);
      this.#writePaid(code, 1);
      // Whether there is room below the limit: as many pages as now, and as many as are asked for.
      code.bytes(op.memorySize, 0, op.i64ExtendI32U).pair(op.localGet, 0);
      code.bytes(op.i64ExtendI32U, op.i64Add).byte(op.i64Const).signed(memoryPagesMax);
      code.byte(op.i64LeU).pair(op.localGet, 0).pair(op.memoryGrow, 0).pair(op.localTee, 0);
      code.pair(op.i32Const, 0x7f).bytes(op.i32Eq, op.i32And, op.if, EMPTY_BLOCK);
      writeMove(code, 1, counters.gasGlobal);
      writeExhausted(code, counters.stackGlobal);
      code.byte(op.end).pair(op.localGet, 0).pair(op.localGet, 1);
    });
  }

  /** Lowers the local `gas` by the amount on top, the old counter below it. */
  #writePaid(code: Writer, gas: number): void {
    if (this.resume !== undefined) {
      writeResuming(code, gas, this.resume);
      return;
    }
    code.byte(op.i64Sub).pair(op.localTee, gas);
    code.pair(op.i64Const, 0).bytes(op.i64LtS, op.if, EMPTY_BLOCK);
    writeMove(code, gas, this.#options.counters.gasGlobal);
    code.pair(op.unreachable, op.end);
  }
}
