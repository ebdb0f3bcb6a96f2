/**
 * Finds the functions that can call themselves, however indirectly.
 *
 * Only they need a depth counter: every other function can be on the stack at most once per path,
 * and the longest such path is known before the code runs. The search keeps its own stack, so a
 * hostile call graph cannot exhaust the host's.
 *
 * @module
 */

/** The call graph: `calls[n]` are the nodes that node `n` calls, `bytes[n]` is the frame of `n`. */
export interface CallGraph {
  readonly calls: readonly (readonly number[])[];
  readonly bytes: readonly number[];
}

export interface Recursion {
  /** Whether node `n` lies on a cycle. */
  readonly recursive: readonly boolean[];
  /** Bytes of the frames, recursive ones apart, on the longest path through the graph. */
  readonly staticBytes: number;
}

/** Strongly connected components after Tarjan (1972), with an explicit stack. */
export function findRecursion(graph: CallGraph): Recursion {
  const count = graph.calls.length;
  const order = new Int32Array(count).fill(-1);
  const low = new Int32Array(count);
  const next = new Int32Array(count);
  const pending = new Uint8Array(count);
  const below = new Float64Array(count);
  const recursive: boolean[] = Array.from({ length: count }, () => false);
  const path: number[] = [];
  const component: number[] = [];
  let visited = 0;
  let staticBytes = 0;

  const close = (root: number): void => {
    const members: number[] = [];
    for (let node = -1; node !== root;) {
      node = component.pop() ?? root;
      pending[node] = 0;
      members.push(node);
    }
    const cyclic = members.length > 1 || (graph.calls[root] ?? []).includes(root);
    let deepest = 0;
    for (const node of members) {
      for (const callee of graph.calls[node] ?? []) deepest = Math.max(deepest, below[callee] ?? 0);
    }
    const total = deepest + (cyclic ? 0 : (graph.bytes[root] ?? 0));
    for (const node of members) {
      below[node] = total;
      recursive[node] = cyclic;
    }
    staticBytes = Math.max(staticBytes, total);
  };
  const visit = (node: number): void => {
    order[node] = low[node] = visited++;
    pending[node] = 1;
    path.push(node);
    component.push(node);
  };
  const lower = (node: number, value: number): void => {
    if (value < (low[node] ?? 0)) low[node] = value;
  };

  for (let start = 0; start < count; start++) {
    if (order[start] !== -1) continue;
    visit(start);
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
      const callee = graph.calls[node]?.[next[node] ?? 0];
      if (callee !== undefined) {
        next[node] = (next[node] ?? 0) + 1;
        if (order[callee] === -1) visit(callee);
        else if (pending[callee] === 1) lower(node, order[callee] ?? 0);
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) lower(parent, low[node] ?? 0);
      if (low[node] === order[node]) close(node);
    }
  }
  return { recursive, staticBytes };
}
