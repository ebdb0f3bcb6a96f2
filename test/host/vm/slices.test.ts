/**
 * A slice's end changes nothing: code that is suspended and goes on comes to what uninterrupted code comes to.
 *
 * @module
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SLICE_GAS } from "#protocol/limits.ts";
import { runCall, runCallAsync, SliceOver } from "#host/functions/call.ts";
import { admitCore } from "#host/vm/admit.ts";
import { contractCore, ending, environment, GAS, RESULT } from "#test/support/contract.ts";
import { randomModule } from "#test/support/random/module.ts";
import { tapes } from "#test/support/random/tapes.ts";
import { execute } from "#test/support/reference/engine.ts";
import { executeSliced } from "#test/support/sliced.ts";
import {
  add,
  br,
  brIf,
  call,
  constant,
  drop,
  get,
  i32,
  loop,
  set,
  tee,
  type Code,
} from "#test/support/wasm.ts";

const PAGES_MAX = 4;
const RUNS = Number(process.env["REFERENCE_RUNS"] ?? 150);
const request = { method: "m", args: new Uint8Array(), gasLimit: GAS };

const endless: Code = [...loop(br(0)), ...constant(RESULT)];

/** Counts a local down from `times`. */
function counting(times: number, local = 4): Code {
  const step = [...get(local), ...constant(-1), add, ...tee(local), ...brIf(0)];
  return [...constant(times), ...set(local), ...loop(step), ...constant(RESULT)];
}

function both(parts: Parameters<typeof contractCore>[0]) {
  const core = contractCore({ locals: [[1, i32]], ...parts });
  return { whole: admitCore(core), sliced: admitCore(core, undefined, { isResumable: true }) };
}

/** A pace that lets others run between slices, and counts them. */
function pacing(sliceGas: number) {
  const seen = { slices: 0, heldBytes: 0 };
  const next = (heldBytes: number): Promise<void> => {
    seen.slices++;
    seen.heldBytes = heldBytes;
    return new Promise((resolve) => void setImmediate(resolve));
  };
  return { seen, pace: { sliceGas, next } };
}

describe("resumable code", () => {
  it("property: ends as code does that is never interrupted, with all gas, the exact amount and less", () => {
    let resumed = 0;
    fc.assert(
      fc.property(tapes, fc.integer({ min: 1, max: 300 }), (tape, sliceGas) => {
        const core = randomModule(tape);
        const whole = admitCore(core, PAGES_MAX);
        const sliced = admitCore(core, PAGES_MAX, { isResumable: true });
        const limit = 60_000;
        const expected = execute(whole, { gas: limit });
        const exact = expected.end === "returned" ? expected.gas : limit;
        for (const gas of [limit, exact, Math.max(0, exact - 1), Math.floor(exact / 2)]) {
          const { end, results, memory, stack, gas: used } = execute(whole, { gas });
          const { outcome, asked } = executeSliced(sliced, { gas }, sliceGas);
          resumed += asked;
          expect(outcome.end).toBe(end);
          expect(outcome.results).toEqual(results);
          if (end === "OUT_OF_GAS" || end === "TRAP") continue;
          expect(Buffer.compare(outcome.memory, memory)).toBe(0);
          expect(outcome.stack).toBe(stack);
          if (end === "returned") expect(outcome.gas).toBe(used);
        }
      }),
      { numRuns: RUNS },
    );
    expect(resumed).toBeGreaterThan(RUNS);
  }, 120_000);

  it("costs a call what it costs uninterrupted, however small the slices", async () => {
    const { whole, sliced } = both({ command: counting(20_000) });
    const expected = runCall(whole, request, environment());
    for (const sliceGas of [1_000, 33_333, SLICE_GAS]) {
      const { pace, seen } = pacing(sliceGas);
      const outcome = await runCallAsync(sliced, request, environment({ pace }));
      expect(outcome).toEqual(expected);
      const running = expected.gasUsed - whole.instanceGas;
      expect(seen.slices).toBeGreaterThanOrEqual(Math.floor(running / sliceGas) - 2);
      if (seen.slices > 0) expect(seen.heldBytes).toBeGreaterThanOrEqual(65_536);
    }
  });

  it("runs out of gas where uninterrupted code does", async () => {
    const { whole, sliced } = both({ command: endless });
    const { pace } = pacing(SLICE_GAS);
    const outcome = await runCallAsync(sliced, request, environment({ pace }));
    expect(outcome).toEqual(runCall(whole, request, environment()));
    expect(ending(outcome)).toBe("OUT_OF_GAS");
    expect(outcome.gasUsed).toBe(GAS);
  });

  it("suspends `_initialize` too", async () => {
    const { whole, sliced } = both({
      initialize: [...call(5), drop],
      functions: [{ results: "i", locals: [[1, i32]], code: counting(20_000, 0) }],
    });
    const { pace, seen } = pacing(10_000);
    const outcome = await runCallAsync(sliced, request, environment({ pace }));
    expect(outcome).toEqual(runCall(whole, request, environment()));
    expect(seen.slices).toBeGreaterThan(1);
  });

  it("stops an allocator that never returns, though it cannot be suspended", async () => {
    const { sliced } = both({ realloc: endless });
    const { pace } = pacing(1_000);
    const ample = { ...request, gasLimit: Number.MAX_SAFE_INTEGER };
    const outcome = await runCallAsync(sliced, ample, environment({ pace }));
    expect(ending(outcome)).toBe("OUT_OF_GAS");
  });

  it("runs out of gas in its allocator as uninterrupted code does", async () => {
    const { whole, sliced } = both({ realloc: endless });
    const { pace } = pacing(SLICE_GAS);
    const short = { ...request, gasLimit: whole.instanceGas + 1_000 };
    const outcome = await runCallAsync(sliced, short, environment({ pace }));
    expect(ending(outcome)).toBe("OUT_OF_GAS");
    expect(outcome).toEqual(runCall(whole, short, environment()));
  });

  it("ends with what the wait ends with", async () => {
    const { sliced } = both({ command: endless });
    const next = () => Promise.reject(new Error("the wait is over"));
    const ended = runCallAsync(sliced, request, environment({ pace: { sliceGas: 1_000, next } }));
    await expect(ended).rejects.toThrow("the wait is over");
  });
});

describe("code that cannot be suspended", () => {
  it("is given up when its slice is over, but not when it ends in it", () => {
    const { whole } = both({ command: counting(20_000) });
    const { gasUsed } = runCall(whole, request, environment());
    const within = environment({ pace: { sliceGas: gasUsed } });
    expect(runCall(whole, request, within).gasUsed).toBe(gasUsed);
    const over = environment({ pace: { sliceGas: gasUsed - 1 } });
    expect(() => runCall(whole, request, over)).toThrow(SliceOver);
  });

  it("runs out of gas in its last slice", () => {
    const { whole } = both({ command: endless });
    const outcome = runCall(whole, request, environment({ pace: { sliceGas: GAS } }));
    expect(ending(outcome)).toBe("OUT_OF_GAS");
  });
});
