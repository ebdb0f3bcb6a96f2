/**
 * Two machines, one answer: metered code on the engine, and the reference interpreter that counts by SPEC.md.
 *
 * Random modules must agree on end, trap, result, gas, stack limit and every byte of memory; each that completes
 * must do so with exactly its gas and its stack, and none with less. `REFERENCE_RUNS` makes the search longer,
 * as `reference-long.ts` does; what it finds goes to `test/vectors/programs.json`.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomModule } from "#test/support/random/module.ts";
import { allowedOpcodes, freshCount, ranLess } from "#test/support/random/coverage.ts";
import { shrink } from "#test/support/random/shrink.ts";
import { tapeOf, tapes } from "#test/support/random/tapes.ts";
import { agree } from "#test/support/reference/agreement.ts";
import type { Reference } from "#test/support/interpreter/machine.ts";

const RUNS = Number(process.env["REFERENCE_RUNS"] ?? 400);
const TIMEOUT_MS = 60_000 + RUNS * 50;
/** How often a run of {@link RUNS} must have come through every instruction. */
const TIMES_MIN = 2;

interface Vectors {
  readonly vectors: Readonly<
    Record<string, { readonly end: Reference["end"]; readonly module: string }>
  >;
}
const file = join(import.meta.dirname, "..", "..", "vectors", "programs.json");
const { vectors } = JSON.parse(readFileSync(file, "utf8")) as Vectors;

describe("metered code and the reference interpreter", () => {
  const executed = freshCount();
  const ends = new Set<string>();

  it.each(Object.entries(vectors))("agree: %s", (_, { module, end }) => {
    expect(agree(Buffer.from(module, "base64")).end).toBe(end);
  });

  it(
    "property: agree on random modules",
    () => {
      fc.assert(
        fc.property(tapes, (tape) => {
          const { end, stackPeak } = agree(randomModule(tape), executed);
          ends.add(end === "returned" && stackPeak > 0 ? "recursed" : end);
        }),
        { numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );

  it("have run every instruction that a contract may use", () => {
    expect(allowedOpcodes).toHaveLength(192);
    expect(ranLess(executed, TIMES_MIN)).toEqual([]);
  });

  it("have seen calls trap, run out, return, and return from recursion, which ran out of stack before", () => {
    expect([...ends]).toEqual(
      expect.arrayContaining(["OUT_OF_GAS", "TRAP", "recursed", "returned"]),
    );
  });
});

describe("tapeOf()", () => {
  it("gives another tape for each number, the same each time", () => {
    expect(tapeOf(1)).toEqual(tapeOf(1));
    expect(tapeOf(1)).not.toEqual(tapeOf(2));
    expect(tapeOf(2 ** 40)).not.toEqual(tapeOf(0));
  });
});

describe("shrink()", () => {
  it("keeps what is needed to fail", () => {
    const fails = (tape: readonly number[]): boolean => tape.includes(7) && tape.includes(9);
    expect(shrink([1, 2, 7, 3, 4, 5, 9, 6], fails)).toEqual([7, 9]);
  });
});
