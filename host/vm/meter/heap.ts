/**
 * Shortest paths from every node to the ends, the nearest node first.
 *
 * The slow and sure half of `potentials.ts`: its time does not depend on how loops are nested.
 *
 * @module
 */
import type { Flow } from "#host/vm/meter/flow.ts";

/** A binary heap of nodes by amount, the least on top. A node may be in it more than once. */
export class Heap {
  #size = 0;
  readonly #node: number[] = [];
  readonly #amount: number[] = [];

  /** Lowers `paid` to what the shortest paths cost; it holds no less than that, and at the ends just that. */
  settle({ nodes, ways, from, to, cost }: Flow, paid: Float64Array): void {
    const first = new Int32Array(nodes).fill(-1);
    const next = new Int32Array(ways);
    for (let way = 0; way < ways; way++) {
      const node = to[way] ?? 0;
      next[way] = first[node] ?? -1;
      first[node] = way;
    }
    this.#size = 0;
    for (let node = 0; node < nodes; node++) {
      if (paid[node] !== Infinity) this.#push(node, paid[node] ?? 0);
    }
    while (this.#size > 0) {
      const amount = this.#amount[0] ?? 0;
      const node = this.#pop();
      if (amount > (paid[node] ?? 0)) continue;
      for (let way = first[node] ?? -1; way !== -1; way = next[way] ?? -1) {
        const before = from[way] ?? 0;
        const least = amount + (cost[before] ?? 0);
        if (least >= (paid[before] ?? 0)) continue;
        paid[before] = least;
        this.#push(before, least);
      }
    }
  }

  #push(node: number, amount: number): void {
    let at = this.#size++;
    for (let up = (at - 1) >> 1; at > 0; up = (at - 1) >> 1) {
      const above = this.#amount[up] ?? 0;
      if (above <= amount) break;
      this.#amount[at] = above;
      this.#node[at] = this.#node[up] ?? 0;
      at = up;
    }
    this.#amount[at] = amount;
    this.#node[at] = node;
  }

  /** Takes the top away and returns its node. */
  #pop(): number {
    const top = this.#node[0] ?? 0;
    const size = --this.#size;
    const last = this.#amount[size] ?? 0;
    let at = 0;
    for (let down = 1; down < size; down = 2 * at + 1) {
      if (down + 1 < size && (this.#amount[down + 1] ?? 0) < (this.#amount[down] ?? 0)) down++;
      const below = this.#amount[down] ?? 0;
      if (below >= last) break;
      this.#amount[at] = below;
      this.#node[at] = this.#node[down] ?? 0;
      at = down;
    }
    this.#amount[at] = last;
    this.#node[at] = this.#node[size] ?? 0;
    return top;
  }
}
