/**
 * Finds the functions that can call themselves, however indirectly, and an order of all: callees first.
 *
 * Only functions that can call themselves need a depth counter: every other function can be on the stack
 * at most once per path, and the longest such path is known before the code runs. The search keeps its own
 * stack, so a hostile call graph cannot exhaust the host's.
 *
 * @module
 */

/** The call graph: node `n` calls `callees[first[n]]` up to `callees[first[n + 1]]`; `bytes[n]` is its frame. */
export interface CallGraph {
  readonly first: Int32Array;
  readonly callees: Int32Array;
  readonly bytes: Int32Array;
}

export interface Recursion {
  /** 1 for each node that lies on a cycle. */
  readonly recursive: Uint8Array;
  /** Bytes of the frames, recursive ones apart, on the longest path through the graph. */
  readonly staticBytes: number;
  /** Where that path begins. */
  readonly deepest: number;
  /** Every node after those that it calls and that cannot call it. */
  readonly order: Int32Array;
  /** The same number for nodes on a common cycle, and only for these. */
  readonly component: Int32Array;
}

/** Strongly connected components after Tarjan (1972), with an explicit stack. */
export function findRecursion({ first, callees, bytes }: CallGraph): Recursion {
  const count = bytes.length;
  const visited = new Int32Array(count).fill(-1);
  const low = new Int32Array(count);
  const next = first.slice(0, count);
  const component = new Int32Array(count).fill(-1);
  const below = new Float64Array(count);
  const recursive = new Uint8Array(count);
  const order = new Int32Array(count);
  const path = new Int32Array(count);
  const waiting = new Int32Array(count);
  let visits = 0;
  let ordered = 0;
  let waitingCount = 0;
  let staticBytes = 0;
  let deepestNode = 0;

  /** Takes the component of `root` from the waiting nodes. */
  const close = (root: number): void => {
    const start = ordered;
    let deepest = 0;
    let cyclic = waiting[waitingCount - 1] !== root;
    for (let node = -1; node !== root;) {
      node = waiting[--waitingCount] ?? root;
      component[node] = start;
      order[ordered++] = node;
      for (let at = first[node] ?? 0; at < (first[node + 1] ?? 0); at++) {
        const callee = callees[at] ?? 0;
        if (callee === node) cyclic = true;
        if (component[callee] !== start) deepest = Math.max(deepest, below[callee] ?? 0);
      }
    }
    const total = deepest + (cyclic ? 0 : (bytes[root] ?? 0));
    for (let at = start; at < ordered; at++) {
      below[order[at] ?? 0] = total;
      recursive[order[at] ?? 0] = cyclic ? 1 : 0;
    }
    if (total > staticBytes) [staticBytes, deepestNode] = [total, root];
  };

  for (let start = 0; start < count; start++) {
    if (visited[start] !== -1) continue;
    let depth = 0;
    for (let node = start; ;) {
      if (visited[node] === -1) {
        visited[node] = low[node] = visits++;
        path[depth++] = node;
        waiting[waitingCount++] = node;
      }
      const at = next[node] ?? 0;
      if (at < (first[node + 1] ?? 0)) {
        next[node] = at + 1;
        const callee = callees[at] ?? 0;
        if (visited[callee] === -1) node = callee;
        else if (component[callee] === -1)
          low[node] = Math.min(low[node] ?? 0, visited[callee] ?? 0);
        continue;
      }
      if (low[node] === visited[node]) close(node);
      if (--depth === 0) break;
      const caller = path[depth - 1] ?? 0;
      low[caller] = Math.min(low[caller] ?? 0, low[node] ?? 0);
      node = caller;
    }
  }
  return { recursive, staticBytes, deepest: deepestNode, order, component };
}
