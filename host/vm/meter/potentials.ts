/**
 * What has to be paid ahead at the start of each stretch of code: the least that any way on will cost.
 *
 * Charging only the differences between these amounts makes every completed path pay exactly its price, and
 * nobody pays for what a cheaper way to the end would not need. These are shortest paths to the end. Ways
 * are numbered so that one sweep from the last to the first settles all code but what only a loop's way
 * back leads on from; another sweep settles that, one for each loop around it (Bellman, Ford). Where loops
 * are nested deeper than code is written, a heap takes over (Dijkstra), so that hostile code stays cheap.
 *
 * @module
 */
import { EXIT, TRAP, type Flow } from "#host/vm/meter/flow.ts";
import { Heap } from "#host/vm/meter/heap.ts";

/** Added to ways that end in a certain trap: more than any other way costs, so that these are preferred. */
const MUST_TRAP = 2 ** 45;
const SWEEPS_MAX = 6;

export class Potentials {
  /** The amount paid ahead at the start of each node of the flow that was settled last. */
  paid: Float64Array = new Float64Array(0);
  /** 1 for each node from which every way leads to a trap. */
  mustTrap: Uint8Array = new Uint8Array(0);
  readonly #heap = new Heap();

  /**
   * Computes the amounts for `flow`.
   *
   * Where a table's labels begin it is zero. Nodes that can only trap look to the trap instead; nodes that can
   * only go on for ever pay each for itself.
   */
  settle(flow: Flow): void {
    const { nodes, cost, isTableLabel } = flow;
    if (this.paid.length < nodes) {
      this.paid = new Float64Array(cost.length);
      this.mustTrap = new Uint8Array(cost.length);
    }
    const { paid } = this;
    for (let node = 0; node < nodes; node++) paid[node] = isTableLabel[node] === 1 ? 0 : Infinity;
    paid[EXIT] = 0;
    paid[TRAP] = MUST_TRAP;
    let sweeps = 1;
    while (this.#sweep(flow)) {
      if (sweeps++ < SWEEPS_MAX) continue;
      this.#heap.settle(flow, paid);
      break;
    }
    for (let node = 0; node < nodes; node++) {
      const amount = paid[node] ?? 0;
      this.mustTrap[node] = amount >= MUST_TRAP && amount !== Infinity ? 1 : 0;
      if (amount < MUST_TRAP) continue;
      paid[node] = amount === Infinity ? (cost[node] ?? 0) : amount - MUST_TRAP;
    }
  }

  /** Takes every way into account once, the last first; says whether an amount fell. */
  #sweep({ ways, from, to, cost }: Flow): boolean {
    const { paid } = this;
    let fell = false;
    for (let way = ways - 1; way >= 0; way--) {
      const node = from[way] ?? 0;
      const amount = (paid[to[way] ?? 0] ?? 0) + (cost[node] ?? 0);
      if (amount >= (paid[node] ?? 0)) continue;
      paid[node] = amount;
      fell = true;
    }
    return fell;
  }
}
