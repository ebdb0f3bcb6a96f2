/**
 * What an enclave knows of the entries it sealed, and that it is never another thing than what they hold.
 */
import { describe, expect, it } from "vitest";
import type { Cluster } from "#exec/cluster.ts";
import { type Entry, openEntry } from "#exec/entry.ts";
import { EntryBook } from "#exec/entry-book.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import { Sealer } from "#seal/sealer.ts";
import { clusterOf } from "#test/support/entries.ts";
import { Operator, systemEntropy } from "#test/support/operator.ts";

const BROKEN = expect.objectContaining({ code: "LOG_ENTRY_BROKEN" });
const bytes = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill);
const after = { height: 2 ** 40, digest: bytes(32, 5) };

const entries: Entry[] = [
  { kind: "tick", timeMs: 2 ** 42 },
  { kind: "boot", timeMs: 1, bootEpoch: 7, workerKey: bytes(32, 1), measurement: bytes(32, 2) },
  { kind: "checkpoint", timeMs: 1, height: 2 ** 33, digest: bytes(32, 3) },
  {
    kind: "session",
    timeMs: 1,
    requestId: bytes(32, 1),
    session: bytes(16, 2),
    account: bytes(32, 3),
    secret: bytes(32, 4),
  },
  commandOf(300),
];

function commandOf(bodyBytes: number, fill = 5): Entry {
  return {
    kind: "command",
    timeMs: 1,
    requestId: bytes(32, 1),
    session: bytes(16, 2),
    sequence: 2 ** 34,
    contract: bytes(32, 3),
    body: bytes(bodyBytes, fill),
    transcript: bytes(0, 0),
  };
}

/** A cluster that counts how many blobs it opens. */
function countedCluster(): { cluster: Cluster; opened: () => number } {
  let opened = 0;
  const primitives: typeof nodePrimitives = {
    ...nodePrimitives,
    aesGcmOpen: (...all) => {
      opened++;
      return nodePrimitives.aesGcmOpen(...all);
    },
  };
  const sealer = new Sealer(primitives, systemEntropy, bytes(32, 9));
  return {
    cluster: { ...clusterOf(new Operator().start()), entries: sealer },
    opened: () => opened,
  };
}

describe("EntryBook", () => {
  it.each(entries)("knows of a $kind entry just what opening it tells", (entry) => {
    const { cluster, opened } = countedCluster();
    const book = new EntryBook(cluster);
    const sealed = book.seal({ entry, after });
    expect(book.open(new Uint8Array(sealed), 1)).toEqual({ entry, after });
    expect(opened()).toBe(0);
    expect(openEntry(cluster.entries, cluster.name, sealed, 1)).toEqual({ entry, after });
  });

  it("opens an entry that comes back a second time, and one that another enclave sealed", () => {
    const { cluster, opened } = countedCluster();
    const [entry] = entries as [Entry];
    const book = new EntryBook(cluster);
    const sealed = book.seal({ entry, after });
    for (let i = 0; i < 3; i++) expect(book.open(sealed, 1)).toEqual({ entry, after });
    const foreign = new EntryBook(cluster).seal({ entry, after });
    expect(book.open(foreign, 1)).toEqual({ entry, after });
    expect(opened()).toBe(3);
  });

  it("refuses an entry with any byte altered or missing, and still knows the true one", () => {
    const { cluster, opened } = countedCluster();
    const book = new EntryBook(cluster);
    const entry = commandOf(20);
    const sealed = book.seal({ entry, after });
    // The first byte is the version of the format, which has an error of its own.
    for (let at = 1; at < sealed.length; at++) {
      const altered = new Uint8Array(sealed);
      altered[at] = (altered[at] as number) ^ 0x10;
      expect(() => book.open(altered, 1)).toThrow(BROKEN);
    }
    for (const cut of [sealed.subarray(1), sealed.subarray(0, -1), sealed.subarray(-16)]) {
      expect(() => book.open(cut, 1)).toThrow();
    }
    const attempts = opened();
    expect(book.open(sealed, 1)).toEqual({ entry, after });
    expect(opened()).toBe(attempts);
  });

  it("remembers a bounded number of bytes, the newest, and opens the others", () => {
    const { cluster, opened } = countedCluster();
    const book = new EntryBook(cluster);
    const sealed = Array.from({ length: 512 }, (_, i) =>
      book.seal({ entry: commandOf(16_000, i & 0xff), after }),
    );
    const opens = sealed.map((entry, i) => {
      const before = opened();
      expect(book.open(entry, 1).entry).toEqual(commandOf(16_000, i & 0xff));
      return opened() - before;
    });
    const known = opens.lastIndexOf(1) + 1;
    expect(opens.slice(0, known)).toEqual(Array.from({ length: known }, () => 1));
    const bytesKnown = sealed.slice(known).reduce((sum, { length }) => sum + length, 0);
    expect(bytesKnown).toBeGreaterThan(3 * 1024 * 1024);
    expect(bytesKnown).toBeLessThanOrEqual(4 * 1024 * 1024);
  });

  it("remembers no entry that would displace all others", () => {
    const { cluster, opened } = countedCluster();
    const book = new EntryBook(cluster);
    const [small] = entries as [Entry];
    const kept = book.seal({ entry: small, after });
    const large = book.seal({ entry: commandOf(100_000), after });
    expect(book.open(large, 1).entry).toEqual(commandOf(100_000));
    expect(opened()).toBe(1);
    book.open(kept, 1);
    expect(opened()).toBe(1);
  });
});
