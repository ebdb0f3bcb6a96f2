/**
 * Functions that metering adds behind the contract's own: doors between code that hands the counters on
 * and a host that finds them in the globals.
 *
 * @module
 */
import type { FunctionType } from "#host/vm/decode/module.ts";
import { EMPTY_BLOCK, op, valueType } from "#host/vm/decode/opcodes.ts";
import { writeLowered, writeMove } from "#host/vm/meter/counters.ts";
import type { Callee } from "#host/vm/meter/function.ts";
import { writeResume, writeResuming } from "#host/vm/meter/slices.ts";
import type { Types } from "#host/vm/meter/types.ts";
import { Writer } from "#host/vm/meter/writer.ts";

export interface Counters {
  readonly gasGlobal: number;
  readonly stackGlobal: number;
}

export class Thunks {
  /** Type index and body of each function added, the first of which has the index `first`. */
  readonly types: number[] = [];
  readonly bodies: Uint8Array[] = [];
  readonly #first: number;
  readonly #types: Types;
  readonly #counters: Counters;
  readonly #outward = new Map<number, Callee>();
  /** The function that asks the host for more gas; without it, running out traps. */
  readonly resume: number | undefined;

  /**
   * @param first - How many functions there are before these.
   * @param sliceTable - Index of the table by which code asks for more gas; without it, running out traps.
   */
  constructor(first: number, types: Types, counters: Counters, sliceTable: number | undefined) {
    this.#first = first;
    this.#types = types;
    this.#counters = counters;
    this.resume = sliceTable === undefined ? undefined : this.#addResume(sliceTable);
  }

  #addResume(table: number): number {
    const code = new Writer();
    const nothing = this.#types.own([], []);
    writeResume(code, this.#counters.gasGlobal, nothing, table);
    return this.#add(this.#types.own([valueType.i64], [valueType.i64]), [0], code);
  }

  /**
   * The way out to a host function: takes the counters as arguments and shows them to the host.
   *
   * @param type - Type index of the import, whose index is `index`.
   */
  outward(index: number, type: number, takesStack: boolean): Callee {
    const key = 2 * index + (takesStack ? 1 : 0);
    const known = this.#outward.get(key);
    if (known !== undefined) return known;
    const { gasGlobal, stackGlobal } = this.#counters;
    const { params } = this.#types.at(type);
    const code = new Writer();
    const [gas, stack, before] = [params.length, params.length + 1, params.length + 2];
    writeMove(code, gas, gasGlobal);
    if (takesStack) {
      code.byte(op.globalGet).u32(stackGlobal).byte(op.localSet).u32(before);
      writeMove(code, stack, stackGlobal);
    }
    writeArguments(code, params.length);
    code.byte(op.call).u32(index);
    if (takesStack) writeMove(code, before, stackGlobal);
    code.byte(op.globalGet).u32(gasGlobal);
    const locals = takesStack ? [1, 1, valueType.i32] : [0];
    const made = this.#add(this.#types.spending(type, takesStack), locals, code);
    const callee = { index: made, takesGas: true, takesStack };
    this.#outward.set(key, callee);
    return callee;
  }

  /**
   * The way in for the host: takes the counters from the globals, pays the entry and brings gas back.
   *
   * @param type - Type index as the host knows it.
   * @param entryGas - What callers of the function pay for it.
   */
  inward(callee: Callee, type: number, entryGas: number): number {
    const { gasGlobal, stackGlobal } = this.#counters;
    const { params }: FunctionType = this.#types.at(type);
    const code = new Writer();
    const gas = params.length;
    code.pair(op.block, EMPTY_BLOCK).byte(op.globalGet).u32(gasGlobal);
    if (entryGas > 0) {
      code.byte(op.i64Const).signed(entryGas);
      if (this.resume === undefined) writeLowered(code, gas, 0);
      else writeResuming(code, gas, this.resume);
    } else code.byte(op.localSet).u32(gas);
    if (!callee.takesGas) writeMove(code, gas, gasGlobal);
    writeArguments(code, params.length);
    if (callee.takesGas) code.byte(op.localGet).u32(gas);
    if (callee.takesStack) code.byte(op.globalGet).u32(stackGlobal);
    code.byte(op.call).u32(callee.index);
    if (callee.takesGas) code.byte(op.globalSet).u32(gasGlobal);
    code.pair(op.return, op.end);
    writeMove(code, gas, gasGlobal);
    code.byte(op.unreachable);
    return this.#add(type, [1, 1, valueType.i64], code);
  }

  #add(type: number, locals: readonly number[], code: Writer): number {
    const body = new Writer().bytes(...locals).copy(code.view());
    this.bodies.push(body.byte(op.end).view().slice());
    return this.#first + this.types.push(type) - 1;
  }
}

function writeArguments(code: Writer, count: number): void {
  for (let index = 0; index < count; index++) code.byte(op.localGet).u32(index);
}
