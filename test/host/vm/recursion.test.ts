import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findRecursion } from "#host/vm/meter/recursion.ts";

const ones = (count: number): number[] => Array.from({ length: count }, () => 1);

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
        const { recursive } = findRecursion({ calls, bytes: ones(calls.length) });
        expect(recursive).toEqual(calls.map((_, node) => reachesItself(calls, node)));
      }),
      { numRuns: 1_000 },
    );
  });

  it("adds up the longest path, without the nodes that are counted as they run", () => {
    const calls = [[1, 2], [3], [3], [], [4, 0]];
    const bytes = [1, 10, 100, 1_000, 10_000];
    expect(findRecursion({ calls, bytes }).staticBytes).toBe(1_101);
    expect(
      findRecursion({ calls: [[1], [2], [1, 3], []], bytes: [1, 10, 100, 1_000] }).staticBytes,
    ).toBe(1_001);
  });

  it("walks a path of a hundred thousand nodes without recursion of its own", () => {
    const count = 100_000;
    const calls = Array.from({ length: count }, (_, node) => (node + 1 < count ? [node + 1] : []));
    expect(findRecursion({ calls, bytes: ones(count) }).staticBytes).toBe(count);
  });
});
