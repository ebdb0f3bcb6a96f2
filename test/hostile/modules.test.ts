/**
 * Code in such amounts that compiled modules would fill the enclave.
 */
import { describe, expect, it } from "vitest";
import { MEMORY_PAGES_MAX } from "#protocol/limits.ts";
import { Contracts } from "#exec/contracts.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import { contractCore } from "#test/support/contract.ts";
import { component, constant, drop } from "#test/support/wasm.ts";

const BYTES_MAX = 64 * 1024;

/** A component of about 20 KiB, each number a different one. */
function padded(number: number): Uint8Array {
  const code = Array.from({ length: 6_000 }, () => [...constant(number), drop]).flat();
  return component(contractCore({ functions: [{ code }] }));
}

describe("compiled modules", () => {
  it("84: are kept up to a number of bytes; the least recently used goes first", () => {
    const contracts = new Contracts(nodePrimitives, MEMORY_PAGES_MAX, {
      modulesBytesMax: BYTES_MAX,
    });
    const files = [1, 2, 3, 4].map(padded);
    const first = files.map((file) => contracts.admit(file));
    expect(first[0]?.codeBytes).toBeGreaterThan(BYTES_MAX / 4);
    const kept = files.toReversed().map((file, i) => contracts.admit(file) === first.at(-1 - i));
    expect(kept).toEqual([true, true, true, false]);
  });

  it("84: one larger than all that may be kept is kept alone", () => {
    const contracts = new Contracts(nodePrimitives, MEMORY_PAGES_MAX, { modulesBytesMax: 1 });
    const [one, other] = [padded(1), padded(2)];
    const module = contracts.admit(one);
    expect(contracts.admit(one)).toBe(module);
    contracts.admit(other);
    expect(contracts.admit(one)).not.toBe(module);
  });
});
