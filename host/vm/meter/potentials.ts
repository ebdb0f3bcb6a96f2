/**
 * What has to be paid ahead at the start of each stretch of code: the least that any way on will cost.
 *
 * Charging only the differences between these amounts makes every completed path pay exactly its price, and
 * nobody pays for what a cheaper way to the end would not need. Shortest paths after Dijkstra (1959),
 * from the ends backwards.
 *
 * @module
 */
import { EXIT, TRAP, type Flow } from "#host/vm/meter/flow.ts";

const UNKNOWN = -1;

/**
 * The amount paid ahead at the start of each node.
 *
 * Where a table's labels begin it is zero. Nodes that can only trap look to the trap instead; nodes that can
 * only go on for ever pay each for itself.
 */
export function potentials(flow: Flow): Float64Array {
  const { cost, edges } = flow;
  const paid = new Float64Array(cost.length).fill(UNKNOWN);
  const first = new Int32Array(cost.length).fill(-1);
  const next = new Int32Array(edges.length);
  for (const [index, edge] of edges.entries()) {
    next[index] = first[edge.to] ?? -1;
    first[edge.to] = index;
  }
  const heap = new Heap();
  const settle = (): void => {
    for (let top = heap.pop(); top !== undefined; top = heap.pop()) {
      if (paid[top.node] !== UNKNOWN) continue;
      paid[top.node] = top.amount;
      for (let at = first[top.node] ?? -1; at !== -1; at = next[at] ?? -1) {
        const from = edges[at]?.from ?? 0;
        if (paid[from] === UNKNOWN) heap.push(from, top.amount + (cost[from] ?? 0));
      }
    }
  };
  heap.push(EXIT, 0);
  for (const label of flow.tableLabels) heap.push(label, 0);
  settle();
  heap.push(TRAP, 0);
  settle();
  for (const [node, gas] of cost.entries()) if (paid[node] === UNKNOWN) paid[node] = gas;
  return paid;
}

interface Entry {
  readonly node: number;
  readonly amount: number;
}

/** A binary heap, the least amount on top. */
class Heap {
  readonly #entries: Entry[] = [];

  push(node: number, amount: number): void {
    const entries = this.#entries;
    let at = entries.push({ node, amount }) - 1;
    for (let up = (at - 1) >> 1; at > 0; up = (at - 1) >> 1) {
      const parent = entries[up];
      if (parent === undefined || parent.amount <= amount) break;
      entries[at] = parent;
      at = up;
    }
    entries[at] = { node, amount };
  }

  pop(): Entry | undefined {
    const entries = this.#entries;
    const top = entries[0];
    const last = entries.pop();
    if (last === undefined || entries.length === 0) return top;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const [a, b] = [entries[left], entries[left + 1]];
      const child = b !== undefined && a !== undefined && b.amount < a.amount ? left + 1 : left;
      const least = entries[child];
      if (least === undefined || least.amount >= last.amount) break;
      entries[at] = least;
      at = child;
    }
    entries[at] = last;
    return top;
  }
}
