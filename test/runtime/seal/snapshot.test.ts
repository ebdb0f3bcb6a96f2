import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Fault } from "#protocol/fault.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import type { ClusterName } from "#crypto/statements.ts";
import { Sealer } from "#seal/sealer.ts";
import { cutPieces, sealPiece, SnapshotReader, type SnapshotHeader } from "#seal/snapshot.ts";
import type { Write } from "#seal/writes.ts";
import { systemEntropy } from "#test/support/operator.ts";

const name: ClusterName = { cluster: new Uint8Array(32).fill(1), epoch: 1 };
const sealer = new Sealer(nodePrimitives, systemEntropy, new Uint8Array(32));
const header: SnapshotHeader = { height: 9, digest: new Uint8Array(32).fill(3), timeMs: 77 };

function entry(key: number, bytes = 4): Write {
  return {
    namespace: new Uint8Array(32),
    key: Uint8Array.of(key),
    value: new Uint8Array(bytes).fill(key),
  };
}

function snapshot(own: SnapshotHeader = header, total = 4, first = 0, where = name): Uint8Array[] {
  return Array.from({ length: total }, (_, index) =>
    sealPiece(sealer, where, own, index, total, [entry(first + index)]),
  );
}

/** Reads pieces to the end. @returns The keys in order, or the fault. */
function read(pieces: readonly Uint8Array[]): readonly number[] | string {
  const reader = new SnapshotReader(sealer, name);
  try {
    const entries = pieces.flatMap((piece) => reader.push(piece));
    const finished = reader.finish();
    if (pieces.length > 0) expect(finished).toEqual(header);
    return entries.map(({ key }) => key[0] ?? -1);
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
}

describe("SnapshotReader", () => {
  const pieces = snapshot();
  const [a, b, c, d] = pieces as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  const newer = snapshot({ ...header, height: 10 });
  const forked = snapshot({ ...header, digest: new Uint8Array(32).fill(4) });
  const otherCut = snapshot(header, 5, 0);

  it.each<[string, readonly Uint8Array[], readonly number[] | string]>([
    ["all pieces", pieces, [0, 1, 2, 3]],
    ["no piece at all", [], []],
    ["the last piece missing", [a, b, c], "SEAL_MISSING"],
    ["the first piece missing", [b, c, d], "SEAL_MISSING"],
    ["a piece in the middle missing", [a, c, d], "SEAL_MISSING"],
    ["two pieces swapped", [a, c, b, d], "SEAL_MISSING"],
    ["a piece twice", [a, b, b, c, d], "SEAL_MISSING"],
    ["a piece after the last", [a, b, c, d, a], "SEAL_MISSING"],
    ["a piece of a newer snapshot", [a, b, newer[2] as Uint8Array, d], "SEAL_BROKEN"],
    ["a piece of a forked history", [a, b, forked[2] as Uint8Array, d], "SEAL_BROKEN"],
    [
      "a piece of a snapshot that was cut otherwise",
      [a, b, c, otherCut[3] as Uint8Array, otherCut[4] as Uint8Array],
      "SEAL_BROKEN",
    ],
    ["a snapshot of another epoch", snapshot(header, 4, 0, { ...name, epoch: 2 }), "SEAL_BROKEN"],
    [
      "a snapshot of another cluster",
      snapshot(header, 4, 0, { ...name, cluster: header.digest }),
      "SEAL_BROKEN",
    ],
  ])("knows %s", (_, given, end) => {
    expect(read(given)).toEqual(end);
  });

  it("refuses a piece with any one bit flipped, or cut", () => {
    for (let bit = 0; bit < b.length * 8; bit += 5) {
      const flipped = b.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(read([a, flipped, c, d])).toMatch(/^SEAL_(BROKEN|VERSION)$/);
    }
    for (let length = 0; length < b.length; length += 5) {
      expect(read([a, b.slice(0, length), c, d])).toBe("SEAL_BROKEN");
    }
  });

  it("property: any bytes are refused by a fault", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(read([bytes])).toBe("SEAL_BROKEN");
      }),
    );
  });
});

describe("cutPieces()", () => {
  it("property: keeps every entry, in order, in pieces of bounded size", () => {
    const sizes = fc.array(fc.oneof(fc.nat(100), fc.nat(1024 * 1024)), { maxLength: 12 });
    fc.assert(
      fc.property(sizes, (bytes) => {
        const entries = bytes.map((size, index) => entry(index, size));
        const cut = cutPieces(entries);
        expect(cut.length).toBeGreaterThan(0);
        expect(cut.flat()).toEqual(entries);
        for (const piece of cut) {
          const total = piece.reduce((sum, { value }) => sum + 33 + (value?.length ?? 0), 0);
          expect(total).toBeLessThanOrEqual(2 * 1024 * 1024 + 66);
        }
      }),
      { numRuns: 30 },
    );
  });
});
