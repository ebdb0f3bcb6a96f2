import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findRecursion, type Recursion } from "#host/vm/meter/recursion.ts";

const ones = (count: number): number[] => Array.from({ length: count }, () => 1);

function find(calls: readonly (readonly number[])[], bytes: readonly number[]): Recursion {
  const first = new Int32Array(calls.length + 1);
  for (const [node, callees] of calls.entries())
    first[node + 1] = (first[node] ?? 0) + callees.length;
  return findRecursion({
    first,
    callees: Int32Array.from(calls.flat()),
    bytes: Int32Array.from(bytes),
  });
}

/** Whether `node` reaches itself, by trying every path. */
function reachesItself(calls: readonly (readonly number[])[], node: number): boolean {
  const seen = new Set<number>();
  const visit = (from: number): boolean =>
    (calls[from] ?? []).some((to) => {
      if (to === node) return true;
      if (seen.has(to)) return false;
      seen.add(to);
      return visit(to);
    });
  return visit(node);
}

describe("findRecursion()", () => {
  it("property: finds exactly the nodes that reach themselves", () => {
    const graph = fc.integer({ min: 1, max: 9 }).chain((count) =>
      fc.array(fc.uniqueArray(fc.nat(count - 1), { maxLength: 4 }), {
        minLength: count,
        maxLength: count,
      }),
    );
    fc.assert(
      fc.property(graph, (calls) => {
        const { recursive, order, component } = find(calls, ones(calls.length));
        expect([...recursive].map(Boolean)).toEqual(
          calls.map((_, node) => reachesItself(calls, node)),
        );
        expect([...order].sort((a, b) => a - b)).toEqual(calls.map((_, node) => node));
        for (const [node, callees] of calls.entries()) {
          for (const callee of callees) {
            if (component[node] === component[callee]) continue;
            expect(order.indexOf(callee)).toBeLessThan(order.indexOf(node));
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("adds up the longest path, without the nodes that are counted as they run", () => {
    const calls = [[1, 2], [3], [3], [], [4, 0]];
    const bytes = [1, 10, 100, 1_000, 10_000];
    expect(find(calls, bytes).staticBytes).toBe(1_101);
    expect(find([[1], [2], [1, 3], []], [1, 10, 100, 1_000]).staticBytes).toBe(1_001);
  });

  it("walks a path of a hundred thousand nodes without recursion of its own", () => {
    const count = 100_000;
    const calls = Array.from({ length: count }, (_, node) => (node + 1 < count ? [node + 1] : []));
    expect(find(calls, ones(count)).staticBytes).toBe(count);
  });
});
