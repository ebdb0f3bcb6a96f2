import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Fault } from "#protocol/fault.ts";
import { pack } from "#protocol/codec.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import { openDelta, sealDelta, type Delta } from "#seal/delta.ts";
import { Sealer } from "#seal/sealer.ts";
import { fixed } from "#test/support/messages.ts";
import { systemEntropy } from "#test/support/operator.ts";

const name = { cluster: new Uint8Array(32).fill(1), epoch: 1 };
const sealer = new Sealer(nodePrimitives, systemEntropy, new Uint8Array(32));
const digestAt = (height: number, history = 0): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, at) => (at === 0 ? height : history));

/** The delta of two heights in a history of such deltas. */
function delta(firstHeight: number, history = 0): Delta {
  return {
    firstHeight,
    lastHeight: firstHeight + 1,
    previousDigest: digestAt(firstHeight - 1, history),
    digest: digestAt(firstHeight + 1, history),
    timeMs: 1_700_000_000_000 + firstHeight,
    effects: [digestAt(firstHeight), digestAt(firstHeight + 1)],
    writes: [
      { namespace: new Uint8Array(32), key: Uint8Array.of(1), value: Uint8Array.of(firstHeight) },
      { namespace: new Uint8Array(32), key: Uint8Array.of(2), value: undefined },
    ],
  };
}

const chain = [1, 3, 5, 7].map((firstHeight) => sealDelta(sealer, name, delta(firstHeight)));

/** Opens deltas one after the other. @returns The height reached, or the first fault. */
function follow(deltas: readonly Uint8Array[]): number | string {
  let height = 0;
  let digest = digestAt(0);
  try {
    for (const sealed of deltas) {
      const opened = openDelta(sealer, name, sealed, height, digest);
      height = opened.lastHeight;
      digest = opened.digest;
    }
    return height;
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
}

describe("openDelta()", () => {
  const [first, second, third, fourth] = chain as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];

  it("property: gives back what was sealed", () => {
    const write = fc.record({
      namespace: fixed(32),
      key: fc.uint8Array({ minLength: 1, maxLength: 128 }),
      value: fc.option(fc.uint8Array(), { nil: undefined }),
    });
    fc.assert(
      fc.property(
        fc.array(write),
        fc.array(fixed(32), { minLength: 1 }),
        fc.maxSafeNat(),
        (writes, effects, timeMs) => {
          const own = { ...delta(1), lastHeight: effects.length, effects, writes, timeMs };
          expect(openDelta(sealer, name, sealDelta(sealer, name, own), 0, digestAt(0))).toEqual(
            own,
          );
        },
      ),
    );
  });

  it.each<[string, readonly Uint8Array[], number | string]>([
    ["the whole chain", chain, 8],
    ["a chain without its end", [first, second], 4],
    ["a chain without its beginning", [second, third], "SEAL_MISSING"],
    ["a chain with a delta missing", [first, third, fourth], "SEAL_MISSING"],
    ["two deltas swapped", [first, third, second, fourth], "SEAL_MISSING"],
    ["a delta twice", [first, second, second, third], "SEAL_STALE"],
    ["an old delta at the end", [...chain, first], "SEAL_STALE"],
    ["a delta of another history", [first, sealDelta(sealer, name, delta(3, 9))], "LOG_DIVERGED"],
    ["a delta that overlaps", [first, sealDelta(sealer, name, delta(2))], "SEAL_STALE"],
  ])("names what is wrong with %s", (_, deltas, end) => {
    expect(follow(deltas)).toBe(end);
  });

  it("refuses a delta of another cluster or epoch", () => {
    const elsewhere = [
      sealDelta(sealer, { ...name, epoch: 2 }, delta(1)),
      sealDelta(sealer, { ...name, cluster: new Uint8Array(32) }, delta(1)),
      sealDelta(
        new Sealer(nodePrimitives, systemEntropy, new Uint8Array(32).fill(9)),
        name,
        delta(1),
      ),
    ];
    for (const sealed of elsewhere) expect(follow([sealed])).toBe("SEAL_BROKEN");
  });

  it("refuses a delta that says other heights in the clear than it was sealed for", () => {
    const lying = first.slice();
    lying[1] = 3; // the first height
    expect(follow([lying])).toBe("SEAL_BROKEN");
    lying[1] = 1;
    lying[2] = 9; // the last height
    expect(follow([lying])).toBe("SEAL_BROKEN");
  });

  it("refuses a delta with any one bit flipped, or cut", () => {
    for (let bit = 0; bit < first.length * 8; bit += 7) {
      const flipped = first.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(follow([flipped])).toMatch(/^SEAL_(BROKEN|VERSION)$/);
    }
    for (let length = 0; length < first.length; length += 3) {
      expect(follow([first.slice(0, length)])).toBe("SEAL_BROKEN");
    }
  });

  it("property: any bytes are refused by a fault", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(follow([bytes])).toBe("SEAL_BROKEN");
      }),
    );
    expect(follow([pack([1, 2, new Uint8Array(100)])])).toBe("SEAL_VERSION");
  });

  it("hides how much a small step changed", () => {
    const none = sealDelta(sealer, name, { ...delta(1), writes: [] });
    expect(none.length).toBe(first.length);
  });
});
