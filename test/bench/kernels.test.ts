/**
 * The answers that benchmarks check against, found a second way: a kernel that is fast and wrong measures nothing.
 */
import { blake2s } from "@noble/hashes/blake2.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { describe, expect, it } from "vitest";
import { chain } from "#test/bench/kernels/javascript/support/chain.ts";
import { kernels } from "#test/bench/kernels/kernels.ts";

interface Twin {
  run(size: number): number;
}

describe("kernels", () => {
  it("have names of their own, and at least fourteen of them are there", () => {
    const names = new Set(kernels.map(({ name }) => name));
    expect(names.size).toBe(kernels.length);
    expect(names.size).toBeGreaterThanOrEqual(14);
  });

  it.each(kernels)("$name in JavaScript comes to the result in the table", async (kernel) => {
    const twin = (await import(`./kernels/javascript/${kernel.name}.ts`)) as Twin;
    expect(twin.run(kernel.size)).toBe(kernel.result);
  });

  it.each([
    ["sha256", sha256],
    ["keccak256", keccak_256],
    ["blake2s", blake2s],
  ] as const)("%s is the function of that name", (name, hash) => {
    const kernel = kernels.find((each) => each.name === name);
    expect(chain(kernel?.size ?? 0, hash)).toBe(kernel?.result);
  });
});
