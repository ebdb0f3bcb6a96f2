/**
 * State at rest in hostile hands: every blob that the operator keeps, changed in every way there is.
 * An enclave that starts must have the very state that was; all else is a named refusal.
 */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { toHex } from "#protocol/bytes.ts";
import { parseToWorker } from "#protocol/enclave-to-worker.ts";
import { Operator, Refusal, type Disk } from "#test/support/operator.ts";
import { call, ending, RawClient, replyOf } from "#test/support/raw-client.ts";
import { fixture } from "#test/support/fixtures.ts";
import { args, told } from "#test/support/values.ts";

const NAMED = /^(SEAL_(STALE|BROKEN|MISSING|VERSION)|LOG_(TRUNCATED|ENTRY_BROKEN|DIVERGED))$/;

/** All blobs of a disk in one list, and back. */
function blobsOf({ cluster, log, deltas, snapshot }: Disk): Uint8Array[] {
  return [cluster as Uint8Array, ...snapshot.pieces, ...deltas.map(({ sealed }) => sealed), ...log];
}

function diskOf(disk: Disk, blobs: readonly Uint8Array[]): Disk {
  const [cluster, ...rest] = blobs;
  const pieces = rest.splice(0, disk.snapshot.pieces.length);
  const sealed = rest.splice(0, disk.deltas.length);
  const deltas = disk.deltas.map((delta, at) => ({ ...delta, sealed: sealed[at] as Uint8Array }));
  return { cluster, log: rest, deltas, snapshot: { ...disk.snapshot, pieces } };
}

/** How a start on that disk ends: the digest it comes to, or what it refuses with. */
function start(disk: Disk, options = {}): string {
  const operator = new Operator({ disk });
  try {
    operator.restore(options);
    return toHex(operator.info().digest);
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

describe("sealed state", () => {
  let disk: Disk;
  let older: Disk;
  let foreign: Disk;
  let digest: string;

  async function history(operator: Operator): Promise<void> {
    const ann = await RawClient.open(operator, 1);
    const probe = await ann.deployed(await fixture("probe"), { method: "open" });
    await ann.command(probe, "add", args(1));
    operator.takeSnapshot();
    older = operator.copyDisk();
    for (const amount of [2, 3]) await ann.command(probe, "add", args(amount));
    operator.takeSnapshot();
    for (const amount of [4, 5]) await ann.command(probe, "add", args(amount));
  }

  beforeAll(async () => {
    const elsewhere = new Operator().start();
    await history(elsewhere);
    foreign = elsewhere.copyDisk();
    const operator = new Operator().start();
    await history(operator);
    disk = operator.copyDisk();
    const { height } = disk.snapshot;
    disk.deltas = disk.deltas.filter(({ firstHeight }) => firstHeight > height);
    digest = start(disk);
  });

  const place = fc.nat();

  it("32: property: any one bit flipped is found and named", () => {
    fc.assert(
      fc.property(place, place, fc.nat(7), (which, at, bit) => {
        const blobs = blobsOf(disk);
        const index = which % blobs.length;
        const changed = (blobs[index] as Uint8Array).slice();
        changed[at % changed.length] = (changed[at % changed.length] ?? 0) ^ (1 << bit);
        blobs[index] = changed;
        const end = start(diskOf(disk, blobs));
        // Entries before the snapshot are not read again.
        if (end !== digest) expect(end).toMatch(NAMED);
        else expect(index).toBeGreaterThan(blobs.length - disk.log.length - 1);
      }),
      { numRuns: 150 },
    );
  });

  it("33: property: any two blobs that change places are found and named", () => {
    fc.assert(
      fc.property(place, place, (one, other) => {
        const blobs = blobsOf(disk);
        const unread = blobs.length - disk.log.length;
        const [a, b] = [one % unread, other % blobs.length];
        fc.pre(a !== b);
        [blobs[a], blobs[b]] = [blobs[b] as Uint8Array, blobs[a] as Uint8Array];
        expect(start(diskOf(disk, blobs))).toMatch(NAMED);
      }),
      { numRuns: 60 },
    );
  });

  it("34: a blob of another cluster fits nowhere, though its history is the same", () => {
    const own = blobsOf(disk);
    const theirs = blobsOf(diskOf(foreign, blobsOf(foreign)));
    for (let at = 0; at < own.length - disk.log.length; at++) {
      const blobs = own.slice();
      blobs[at] = theirs[Math.min(at, theirs.length - 1)] as Uint8Array;
      expect(start(diskOf(disk, blobs))).toMatch(NAMED);
    }
  });

  it("35: older state beside a newer log is stale, and the operator has a way out", () => {
    const { snapshot, deltas } = older;
    expect(start({ ...disk, snapshot, deltas })).toBe("SEAL_STALE");
    expect(start({ ...disk, snapshot: { height: 0, pieces: [] }, deltas: [] })).toBe(
      "SEAL_MISSING",
    );
    expect(start({ ...disk, snapshot, deltas }, { rebuild: true })).toBe(digest);
  });

  it("36: of two enclaves on copies of a disk, only one can serve a log", async () => {
    const [one, other] = [0, 1].map(() => new Operator({ disk: diskOf(disk, blobsOf(disk)) }));
    if (one === undefined || other === undefined) throw new Error("two operators");
    const entry = one.restore();
    other.restore();
    one.append(entry);
    other.append(entry);
    const ann = await RawClient.open(one, 3);
    expect(ann.account).toHaveLength(32);
    expect(toHex(one.info().workerKey)).not.toBe(toHex(other.info().workerKey));
    const envelope = ann.envelope("query", new Uint8Array(32), call("peek"));
    await expect(other.request(envelope)).rejects.toThrow(Refusal);
  });

  it("37: property: any one blob left out is missed, or executed again from the log", () => {
    fc.assert(
      fc.property(fc.constantFrom("pieces", "deltas", "log"), place, (part, which) => {
        const copy = diskOf(disk, blobsOf(disk));
        const pieces = [...copy.snapshot.pieces];
        const list: unknown[] = part === "pieces" ? pieces : copy[part];
        list.splice(which % list.length, 1);
        const end = start({ ...copy, snapshot: { ...copy.snapshot, pieces } });
        if (end !== digest) expect(end).toMatch(NAMED);
      }),
      { numRuns: 40 },
    );
  });

  it("38: property: a blob cut at any byte is found and named", () => {
    fc.assert(
      fc.property(place, place, (which, length) => {
        const blobs = blobsOf(disk);
        const index = which % (blobs.length - disk.log.length);
        const blob = blobs[index] as Uint8Array;
        blobs[index] = blob.slice(0, length % blob.length);
        expect(start(diskOf(disk, blobs))).toMatch(NAMED);
      }),
      { numRuns: 60 },
    );
  });

  it("40: two starts from one disk never seal under the same key and nonce", () => {
    const salts = [0, 1, 2].map(() => {
      const operator = new Operator({ disk: diskOf(disk, blobsOf(disk)) }).start();
      return [operator.disk.deltas.at(-1)?.sealed, operator.disk.log.at(-1)].map((sealed) =>
        // Both begin with the version, salt and nonce of a sealed blob; a delta has its heights before.
        toHex(sealed?.slice(0, 40) ?? new Uint8Array(0)),
      );
    });
    expect(new Set(salts.flat()).size).toBe(6);
  });
});

describe("state in use", () => {
  it("39: values over the limit are refused by name, and the next call goes on", async () => {
    const operator = new Operator().start();
    const ann = await RawClient.open(operator, 1);
    const probe = await ann.deployed(await fixture("probe"), { method: "open" });
    const MIB = 1024 * 1024;
    expect(ending(await ann.command(probe, "note", args(0, 1, MIB - 5)))).toBe("returned");
    expect(ending(await ann.command(probe, "note", args(0, 1, MIB - 4)))).toBe("STATE_VALUE");
    expect(told(await ann.query(probe, "noteAt", args(0)))).toHaveLength(MIB - 5);
  });

  it("41 and 42: neither a value's size nor which keys are touched shows in what leaves", async () => {
    const view = async (index: number, size: number): Promise<string[]> => {
      const operator = new Operator().start();
      const ann = await RawClient.open(operator, 1);
      const probe = await ann.deployed(await fixture("probe"), { method: "open" });
      await ann.command(probe, "note", args(0, 5, 30));
      replyOf(await ann.command(probe, "note", args(index, 1, size)));
      replyOf(await ann.query(probe, "noteAt", args(index)));
      return operator.frames.map((frame) => `${parseToWorker(frame).type} ${frame.length}`);
    };
    const one = await view(0, 1);
    expect(await view(4, 1)).toEqual(one);
    expect(await view(2, 2)).toEqual(one);
    expect(await view(3, 30)).toEqual(one);
  });
});
