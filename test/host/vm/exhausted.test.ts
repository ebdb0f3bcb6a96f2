/**
 * A machine that is short of memory must not decide what a contract computes.
 *
 * The engine's own page limit is lowered, which is how it looks to a contract when the host can map
 * no more: growth below the promised maximum fails.
 */
import { setFlagsFromString } from "node:v8";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { admitContract, ending, GAS, RESULT, run } from "#test/support/contract.ts";
import { constant, drop } from "#test/support/wasm.ts";

const ENGINE_PAGES = 8;
const grow = (pages: number): ReturnType<typeof admitContract> =>
  admitContract({ command: [...constant(pages), 0x40, 0, drop, ...constant(RESULT)] });

describe("memory.grow on an exhausted host", () => {
  beforeAll(() => setFlagsFromString(`--wasm-max-mem-pages=${ENGINE_PAGES}`));
  afterAll(() => setFlagsFromString("--wasm-max-mem-pages=65536"));

  it("is the enclave's fault, not a result the contract can see", () => {
    expect(ending(run(grow(ENGINE_PAGES - 1)))).toBe("returned");
    const outcome = run(grow(ENGINE_PAGES));
    expect(outcome.end).toMatchObject({ fault: { code: "MEMORY_EXHAUSTED", side: "enclave" } });
    expect(outcome.gasUsed).toBeLessThan(GAS);
  });

  it("still gives -1 over the contract's own maximum, as everywhere", () => {
    expect(ending(run(grow(256)))).toBe("returned");
  });
});
