/**
 * Two machines, one answer: metered code on the engine, and the reference interpreter that counts by SPEC.md.
 *
 * Random programs must agree on end, result, gas, stack limit and every byte of memory, and each that completes
 * must do so with exactly its gas and not with one less. `REFERENCE_RUNS` makes the search longer; what it
 * finds goes to `test/vectors/programs.json`.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { admitCore, type AdmittedModule } from "#host/vm/admit.ts";
import { decodeModule } from "#host/vm/decode/sections.ts";
import { GAS_EXPORT, STACK_EXPORT } from "#host/vm/meter/counters.ts";
import { MEMORY_IMPORT } from "#host/vm/meter/meter.ts";
import { worldImports } from "#host/vm/world.ts";
import { contractCore } from "#test/support/contract.ts";
import { interpret, type Outcome } from "#test/support/interpreter/machine.ts";
import { program } from "#test/support/programs.ts";

const RUNS = Number(process.env["REFERENCE_RUNS"] ?? 300);
const TIMEOUT_MS = 30_000 + RUNS * 20;
const PAGES_MAX = 4;
/** Where the interpreter stops a program that does not end. */
const GAS = 60_000;
/** More than any stretch of code prepays. */
const AMPLE = 1_000_000_000;

interface Vectors {
  readonly expect: Readonly<Record<string, Outcome["end"]>>;
  readonly tapes: Readonly<Record<string, readonly number[]>>;
}
const file = join(import.meta.dirname, "..", "..", "vectors", "programs.json");
const vectors = JSON.parse(readFileSync(file, "utf8")) as Vectors;

/** Runs `command` on the engine. */
function execute(admitted: AdmittedModule, gas: number): Outcome {
  const memory = admitted.memories.take();
  const imports = { [MEMORY_IMPORT.module]: { [MEMORY_IMPORT.name]: memory } };
  const { exports } = new WebAssembly.Instance(admitted.module, imports);
  const counter = exports[GAS_EXPORT] as WebAssembly.Global;
  const stack = exports[STACK_EXPORT] as WebAssembly.Global;
  counter.value = BigInt(gas);
  let end: Outcome["end"] = "returned";
  let results: number[] = [];
  try {
    results = [(exports["command"] as (...args: number[]) => number)(0, 0, 0, 0)];
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    end = "TRAP";
    if ((stack.value as number) < 0) end = "STACK_OVERFLOW";
    else if ((counter.value as bigint) < 0n) end = "OUT_OF_GAS";
  }
  return {
    ...{ end, results, gas: gas - Number(counter.value) },
    ...{ memory: new Uint8Array(memory.buffer), stack: Number(stack.value) },
  };
}

/** Checks one program on both machines; says how it ended. */
function compare(tape: readonly number[]): Outcome["end"] {
  const core = contractCore(program(tape, true));
  const admitted = admitCore(core, PAGES_MAX);
  const module = decodeModule(core, worldImports, PAGES_MAX);
  const args = [0, 0, 0, 0];
  const expected = interpret(module, "command", args, { gas: GAS, pagesMax: PAGES_MAX });
  if (expected.end === "OUT_OF_GAS") {
    expect(execute(admitted, GAS).end).toBe("OUT_OF_GAS");
    return expected.end;
  }
  const actual = execute(admitted, AMPLE);
  expect(actual.end).toBe(expected.end);
  expect(Buffer.compare(actual.memory, expected.memory), "memory").toBe(0);
  if (expected.end === "STACK_OVERFLOW") expect(actual.stack).toBe(expected.stack);
  if (expected.end === "returned") {
    expect(actual.stack).toBe(expected.stack);
    expect(actual.results).toEqual(expected.results);
    expect(actual.gas).toBe(expected.gas);
    expect(execute(admitted, expected.gas).end).toBe("returned");
    expect(execute(admitted, expected.gas - 1).end).toBe("OUT_OF_GAS");
  }
  return expected.end;
}

describe("metered code and the reference interpreter", () => {
  it.each(Object.entries(vectors.expect))("agree: %s, which ends as %s", (name, end) => {
    expect(compare(vectors.tapes[name] ?? [])).toBe(end);
  });

  it(
    "property: agree on random programs",
    () => {
      const tape = fc.array(fc.nat(1 << 16), { minLength: 5, maxLength: 600 });
      fc.assert(
        fc.property(fc.noBias(tape), (numbers) => {
          compare(numbers);
        }),
        { numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );
});
