/** Entropy drawn in blocks must still never come twice. */
import { describe, expect, it } from "vitest";
import { createEntropy } from "#platform/entropy.ts";
import { toHex } from "#protocol/bytes.ts";

describe("createEntropy()", () => {
  it("gives as many bytes as asked for, across the end of a block", () => {
    const entropy = createEntropy();
    for (const length of [0, 1, 12, 4095, 4096, 4097, 100_000, 2, 4096, 7]) {
      expect(entropy(length)).toHaveLength(length);
    }
  });

  it("never gives the same 16 bytes twice, and none that are zero", () => {
    const entropy = createEntropy();
    const seen = new Set<string>();
    for (let i = 0; i < 5_000; i++) seen.add(toHex(entropy(16)));
    expect(seen.size).toBe(5_000);
    expect(seen.has("00".repeat(16))).toBe(false);
  });

  it("keeps what it gave out to its owner", () => {
    const entropy = createEntropy();
    const first = entropy(32);
    const copy = toHex(first);
    entropy(4096);
    expect(toHex(first)).toBe(copy);
    first.fill(0);
    expect(entropy(32).some((byte) => byte !== 0)).toBe(true);
  });
});
