/**
 * Decides where a function pays, and how much: the exact price of the instructions that run.
 *
 * At every point some amount is paid ahead, the least that any way to the end still costs. So a way only
 * pays where it turns out dearer than the cheapest: a loop once per iteration, an `if` in its dearer arm.
 * No charge is negative, and the charges on a cycle add up to its price, which is at least one gas: so a
 * loop without end runs out of gas.
 *
 * @module
 */
import type { Body } from "#host/vm/decode/body.ts";
import { ENTRY, Flow, place, type Edge } from "#host/vm/meter/flow.ts";
import { potentials } from "#host/vm/meter/potentials.ts";

export class Charges {
  /** Gas to charge before instruction `i`; valid up to the body's count. */
  amount: Float64Array = new Float64Array(0);
  /** Gas to charge if the `br_if` at an index branches. */
  readonly taken: Map<number, number> = new Map();
  /** Gas to charge if the `if` whose `end` is at an index does not hold, where it has no `else`. */
  readonly missingElse: Map<number, number> = new Map();
  readonly #flow = new Flow();

  /** Computes the charges of `body`. The body must be well-typed. */
  place(body: Body): void {
    if (this.amount.length <= body.count) this.amount = new Float64Array(body.opcode.length + 1);
    else this.amount.fill(0, 0, body.count + 1);
    this.taken.clear();
    this.missingElse.clear();
    const flow = this.#flow;
    flow.read(body);
    const paid = potentials(flow);
    this.amount[0] = paid[ENTRY] ?? 0;
    for (const edge of flow.edges) {
      const left = (paid[edge.from] ?? 0) - (flow.cost[edge.from] ?? 0);
      const gas = (paid[edge.to] ?? 0) - left;
      // Less than nothing is due only on the way into a certain trap, which takes all gas anyway.
      if (gas > 0) this.#charge(edge, gas);
    }
  }

  #charge({ place: where, index }: Edge, gas: number): void {
    if (where === place.before) this.amount[index] = (this.amount[index] ?? 0) + gas;
    else if (where === place.taken) this.taken.set(index, gas);
    else if (where === place.missingElse) this.missingElse.set(index, gas);
    else throw new Error("gas is due where nothing can charge it");
  }
}
