/**
 * A third engine: metered code under Wasmtime gives what it gives under V8 and the reference interpreter.
 *
 * The bytes of the metered code are the same; around them, imports are replaced by what our host did in the same
 * call. Wizer, which carries Wasmtime, leaves memory and globals behind, and tells a trap by name.
 * `WASMTIME_PROGRAMS` and `WASMTIME_CALLS` make it longer. Without the native binary it is not run, and says so.
 */
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { build } from "#sdk/transform/index.ts";
import { steps } from "#test/support/oracle/steps.ts";
import { randomModule } from "#test/support/random/module.ts";
import { tapeOf } from "#test/support/random/tapes.ts";
import { agree } from "#test/support/reference/agreement.ts";
import { ContractReplay } from "#test/support/wasmtime/contract.ts";
import { runProgram } from "#test/support/wasmtime/program.ts";
import { wizer } from "#test/support/wasmtime/wizer.ts";

const PROGRAMS = Number(process.env["WASMTIME_PROGRAMS"] ?? 24);
const CALLS = Number(process.env["WASMTIME_CALLS"] ?? 8);
const TIMEOUT_MS = 60_000 + (PROGRAMS + CALLS) * 2_000;
const SEED = 7;
const root = join(import.meta.dirname, "../../..");
const contracts = ["test/host/vm/fixtures/envoy.ts", "contracts/token/token.ts"];

describe("Wasmtime", () => {
  it("is there to be asked", ({ skip }) => {
    const machine = `${process.platform}-${process.arch}`;
    skip(wizer === undefined, `NOT RUN: npm has installed no @bytecodealliance/wizer-${machine}`);
    expect(wizer).toBeDefined();
  });

  it.skipIf(wizer === undefined)(
    "agrees with both machines on random modules",
    () => {
      let compared = 0;
      for (let number = 0; number < PROGRAMS; number++) {
        const core = randomModule(tapeOf(number));
        const reference = agree(core);
        const actual = runProgram(core);
        if (actual === undefined) continue;
        compared++;
        const returned = reference.end === "returned";
        expect(actual.end, `program ${number}`).toBe(returned ? "returned" : "TRAP");
        // Metered code that runs out, of gas or of stack, does so by `unreachable`.
        if (!returned) expect(actual.trap).toContain(reference.trap || "unreachable");
        if (!returned) continue;
        expect(actual.gas, `program ${number}`).toBe(reference.gas);
        expect(actual.stack).toBe(reference.stack);
        expect(actual.results).toEqual(reference.results);
        expect(Buffer.compare(actual.memory, reference.memory), `program ${number}`).toBe(0);
      }
      expect(compared).toBeGreaterThan(PROGRAMS / 3);
    },
    TIMEOUT_MS,
  );

  it.skipIf(wizer === undefined).each(contracts)(
    "agrees with our host on calls of %s",
    async (entry) => {
      const [contract] = (await build({ entry: join(root, entry) })).contracts;
      if (contract === undefined) throw new Error("nothing was built");
      const replay = new ContractReplay(contract.wasm);
      const ends = new Set<string>();
      for (const step of fc.sample(steps(contract), { numRuns: CALLS, seed: SEED })) {
        const { ours, theirs } = replay.call(step);
        ends.add(ours.end);
        expect(theirs, `${step.mode} ${step.method}`).toEqual(ours);
      }
      expect([...ends]).toContain("returned");
    },
    TIMEOUT_MS,
  );
});
