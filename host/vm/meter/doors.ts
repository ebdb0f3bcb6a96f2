/**
 * Functions between code that hands the counters on and a host that finds them in the globals.
 *
 * @module
 */
import { op, valueType } from "#host/vm/decode/opcodes.ts";
import type { Added } from "#host/vm/meter/added.ts";
import { writeMove, type Counters } from "#host/vm/meter/counters.ts";
import type { Callee } from "#host/vm/meter/function.ts";
import type { Helpers } from "#host/vm/meter/helpers.ts";
import type { Types } from "#host/vm/meter/types.ts";
import { Writer } from "#host/vm/meter/writer.ts";

export class Doors {
  readonly #added: Added;
  readonly #types: Types;
  readonly #helpers: Helpers;
  readonly #counters: Counters;
  readonly #outward = new Map<number, Callee>();
  readonly #inward = new Map<number, number>();

  constructor(added: Added, types: Types, helpers: Helpers, counters: Counters) {
    this.#added = added;
    this.#types = types;
    this.#helpers = helpers;
    this.#counters = counters;
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
    const { length } = this.#types.at(type).params;
    const code = new Writer();
    const [gas, stack, before] = [length, length + 1, length + 2];
    writeMove(code, gas, gasGlobal);
    if (takesStack) {
      code.byte(op.globalGet).u32(stackGlobal).byte(op.localSet).u32(before);
      writeMove(code, stack, stackGlobal);
    }
    writeArguments(code, length);
    code.byte(op.call).u32(index);
    if (takesStack) writeMove(code, before, stackGlobal);
    code.byte(op.globalGet).u32(gasGlobal);
    const locals = takesStack ? [1, 1, valueType.i32] : [0];
    const made = this.#added.add(this.#types.spending(type, takesStack), code, locals);
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
    const known = this.#inward.get(callee.index);
    if (known !== undefined) return known;
    const { gasGlobal, stackGlobal } = this.#counters;
    const { length } = this.#types.at(type).params;
    const code = new Writer();
    if (callee.takesGas) writeArguments(code, length);
    code.byte(op.globalGet).u32(gasGlobal);
    if (entryGas > 0) code.byte(op.i64Const).signed(entryGas).byte(op.call).u32(this.#helpers.pay);
    if (!callee.takesGas) {
      code.byte(op.globalSet).u32(gasGlobal);
      writeArguments(code, length);
    } else if (callee.takesStack) code.byte(op.globalGet).u32(stackGlobal);
    code.byte(op.call).u32(callee.index);
    if (callee.takesGas) code.byte(op.globalSet).u32(gasGlobal);
    const made = this.#added.add(type, code);
    this.#inward.set(callee.index, made);
    return made;
  }
}

function writeArguments(code: Writer, count: number): void {
  for (let index = 0; index < count; index++) code.byte(op.localGet).u32(index);
}
