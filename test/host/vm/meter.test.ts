/**
 * Gas is exact: what a call pays is the sum of what its instructions cost, however charges are merged.
 *
 * Random programs and compiled kernels run twice, under the product's meter and under one that
 * charges before every single instruction; results and gas must be equal to the unit.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { admitCore } from "#host/vm/admit.ts";
import { runCall } from "#host/functions/call.ts";
import { compileKernel } from "#test/support/assembly.ts";
import { contractCore, ending, environment, GAS, run } from "#test/support/contract.ts";
import { admitNaively } from "#test/support/naive-meter.ts";
import { everyBlock, nowhere } from "#test/support/placements.ts";
import { program } from "#test/support/programs.ts";

const RUNS = 600;
const PROGRAM_GAS = 200_000;

describe("meter()", () => {
  it("property: a random program costs what its instructions cost", () => {
    let completed = 0;
    fc.assert(
      fc.property(fc.array(fc.nat(1 << 16), { minLength: 5, maxLength: 400 }), (tape) => {
        const core = contractCore(program(tape));
        const metered = run(admitCore(core), {}, PROGRAM_GAS);
        const naive = run(admitNaively(core), {}, PROGRAM_GAS);
        if (naive.end.kind === "returned") {
          completed++;
          expect(metered).toEqual(naive);
        } else {
          expect(metered.end.kind).toBe("fault");
          expect(metered.gasUsed).toBe(PROGRAM_GAS);
          if (ending(metered) === "TRAP") expect(ending(naive)).toBe("TRAP");
        }
      }),
      { numRuns: RUNS },
    );
    expect(completed).toBeGreaterThan(RUNS / 4);
  });

  it.each(["sieve", "sort", "collatz", "strings", "floats", "recursion"])(
    "costs exactly the instructions of a compiled kernel: %s",
    async (kernel) => {
      const core = await compileKernel(kernel);
      const request = { method: "", args: Uint8Array.of(40), gasLimit: GAS * 10 };
      const metered = runCall(admitCore(core), request, environment());
      const naive = runCall(admitNaively(core), request, environment());
      expect(ending(naive)).toBe("returned");
      expect(metered).toEqual(naive);
      expect(metered.gasUsed).toBeGreaterThan(50_000);
    },
  );
});

describe("everyBlock()", () => {
  it("property: a random program costs the same block by block", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1 << 16), { minLength: 5, maxLength: 400 }), (tape) => {
        const core = contractCore(program(tape));
        const metered = run(admitCore(core), {}, PROGRAM_GAS);
        const byBlock = run(admitNaively(core, everyBlock), {}, PROGRAM_GAS);
        if (byBlock.end.kind === "returned") expect(metered).toEqual(byBlock);
        expect(metered.gasUsed).toBe(byBlock.gasUsed);
      }),
      { numRuns: RUNS / 4 },
    );
  });
});

describe("nowhere()", () => {
  it("leaves the code alone: nothing is charged, and the result is the same", async () => {
    const core = await compileKernel("strings");
    const request = { method: "", args: Uint8Array.of(40), gasLimit: GAS };
    const metered = runCall(admitCore(core), request, environment());
    const free = runCall(admitNaively(core, nowhere), request, environment());
    expect(free.end).toEqual(metered.end);
    expect(free.gasUsed).toBeLessThan(metered.gasUsed / 4);
  });
});
