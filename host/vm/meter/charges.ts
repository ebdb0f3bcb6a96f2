/**
 * Decides where a function pays, and how much: the exact price of the instructions that run.
 *
 * At every point some amount is paid ahead, the least that any way to the end still costs. So a way only
 * pays where it turns out dearer than the cheapest: a loop once per iteration, an `if` in its dearer arm.
 * No charge is negative, and the charges on a cycle add up to its price, which is at least one gas: so a
 * loop without end runs out of gas. What every way through the function costs is left to its callers,
 * which pay it ahead together with what they cost themselves.
 *
 * @module
 */
import type { Body } from "#host/vm/decode/body.ts";
import { ENTRY, Flow, place } from "#host/vm/meter/flow.ts";
import { Potentials } from "#host/vm/meter/potentials.ts";

export class Charges {
  /** Whether there is any charge; false for a function that its callers pay for. */
  any = false;
  /** Gas to charge before instruction `i`; valid up to the body's count, as the next two are. */
  amount: Float64Array = new Float64Array(0);
  /** Gas to charge if the `br_if` at an index branches. */
  taken: Float64Array = new Float64Array(0);
  /** Gas to charge if the `if` whose `end` is at an index does not hold, where it has no `else`. */
  missingElse: Float64Array = new Float64Array(0);
  readonly #flow = new Flow();
  readonly #potentials = new Potentials();

  /**
   * The gas that every way through `body` costs. The body must be well-typed.
   *
   * @param calleeGas - What its callers pay ahead for each function, by index.
   */
  read(body: Body, calleeGas?: Float64Array): number {
    this.#flow.read(body, calleeGas);
    this.#potentials.settle(this.#flow);
    return this.#potentials.paid[ENTRY] ?? 0;
  }

  /** Places the charges of `body`, which was read last; `entry` of them are paid by its callers. */
  place(body: Body, entry: number): void {
    this.#clear(body);
    const { ways, from, to, cost, place: where, index } = this.#flow;
    const { paid } = this.#potentials;
    this.#charge(place.before, 0, (paid[ENTRY] ?? 0) - entry);
    for (let way = 0; way < ways; way++) {
      const node = from[way] ?? 0;
      const left = (paid[node] ?? 0) - (cost[node] ?? 0);
      const gas = (paid[to[way] ?? 0] ?? 0) - left;
      // Less than nothing is due only on the way into a certain trap, which takes all gas anyway.
      if (gas > 0) this.#charge(where[way] ?? 0, index[way] ?? 0, gas);
    }
  }

  #clear(body: Body): void {
    const size = body.count + 1;
    this.any = false;
    if (this.amount.length < size) {
      this.amount = new Float64Array(body.opcode.length + 1);
      this.taken = new Float64Array(body.opcode.length + 1);
      this.missingElse = new Float64Array(body.opcode.length + 1);
      return;
    }
    this.amount.fill(0, 0, size);
    this.taken.fill(0, 0, size);
    this.missingElse.fill(0, 0, size);
  }

  #charge(where: number, index: number, gas: number): void {
    if (gas === 0) return;
    this.any = true;
    if (where === place.before) this.amount[index] = (this.amount[index] ?? 0) + gas;
    else if (where === place.taken) this.taken[index] = gas;
    else if (where === place.missingElse) this.missingElse[index] = gas;
    else throw new Error("gas is due where nothing can charge it");
  }
}
