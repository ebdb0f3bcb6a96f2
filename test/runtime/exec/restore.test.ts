/**
 * Goal: an enclave starts from exactly what it left, or names what is wrong and serves nothing.
 * Method: one short history; each test damages one thing of it.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { toHex } from "#protocol/bytes.ts";
import { Operator, Refusal, type Disk } from "#test/support/operator.ts";
import { RawClient } from "#test/support/raw-client.ts";
import { fixture } from "#test/support/fixtures.ts";
import { args, told } from "#test/support/values.ts";

describe("Enclave, restarted", () => {
  /** A history without a snapshot, and the one that went on from it through two snapshots. */
  let early: Disk;
  let late: Disk;
  let firstSnapshot: Disk["snapshot"];
  let probe: Uint8Array;
  let ann: RawClient;
  let digest: string;

  beforeAll(async () => {
    const operator = new Operator().start();
    ann = await RawClient.open(operator, 1);
    probe = await ann.deployed(await fixture("probe"), { method: "open" });
    for (const amount of [1, 2, 3]) await ann.command(probe, "add", args(amount));
    early = operator.copyDisk();
    digest = toHex(operator.info().digest);
    operator.takeSnapshot();
    firstSnapshot = operator.disk.snapshot;
    for (const amount of [4, 5, 6]) await ann.command(probe, "add", args(amount));
    operator.takeSnapshot();
    await ann.command(probe, "add", args(7));
    late = operator.copyDisk();
  });

  /** A new machine on a copy of a disk, with something changed. */
  function on(disk: Disk, change: (disk: Disk) => void = () => undefined): Operator {
    const copy = { ...disk, log: [...disk.log], deltas: [...disk.deltas] };
    change(copy);
    return new Operator({ disk: copy });
  }

  function refusal(operator: Operator, options: { rebuild?: boolean } = {}): string {
    try {
      operator.start(options);
      return "started";
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      expect(operator.send({ type: "info", id: 1 }).map(({ type }) => type)).not.toContain("info");
      return error.code;
    }
  }

  function flipped(bytes: Uint8Array, at: number): Uint8Array {
    const copy = bytes.slice();
    copy[at] = (copy[at] ?? 0) ^ 1;
    return copy;
  }

  it("comes back to the same height and digest from deltas alone", () => {
    const operator = on(early);
    operator.restore();
    expect(toHex(operator.info().digest)).toBe(digest);
    expect(operator.info().height).toBe(early.log.length);
  });

  it("comes back from the log alone, and from snapshot and deltas", async () => {
    for (const options of [{ rebuild: true }, {}]) {
      const operator = on(late).start(options);
      const again = new RawClientOn(operator, ann);
      expect(told(await again.peek(probe))).toBe(28);
    }
  });

  it("refuses an entry with any one bit flipped", () => {
    for (const at of [0, 1, 17, 29, 300]) {
      const end = refusal(
        on(early, ({ log }) => log.splice(3, 1, flipped(log[3] as Uint8Array, at))),
      );
      expect(end).toBe(at === 0 ? "SEAL_VERSION" : "LOG_ENTRY_BROKEN");
    }
  });

  it("refuses two entries that changed places, and one that stands twice", () => {
    const swap = ({ log }: Disk): void => {
      [log[4], log[5]] = [log[5] as Uint8Array, log[4] as Uint8Array];
    };
    expect(refusal(on(early, swap))).toBe("LOG_DIVERGED");
    const repeat = ({ log }: Disk): void => void log.splice(4, 0, log[4] as Uint8Array);
    expect(refusal(on(early, repeat))).toBe("LOG_DIVERGED");
  });

  it("refuses a log that ends before the sealed state does", () => {
    expect(refusal(on(early, ({ log }) => void log.pop()))).toBe("LOG_TRUNCATED");
    expect(refusal(on(early, ({ log }) => void log.splice(0)))).toBe("LOG_TRUNCATED");
    expect(refusal(on(late, ({ log }) => void log.splice(early.log.length)))).toBe("LOG_TRUNCATED");
  });

  it("refuses a log with a piece missing", () => {
    expect(refusal(on(early, ({ log }) => void log.splice(2, 1)))).toBe("LOG_DIVERGED");
  });

  it("refuses a damaged, lost, repeated or swapped delta", () => {
    const change = (edit: (deltas: Disk["deltas"]) => void): string =>
      refusal(on(early, (disk) => edit(disk.deltas)));
    expect(
      change((deltas) => {
        const delta = deltas[2] as Disk["deltas"][number];
        deltas[2] = { ...delta, sealed: flipped(delta.sealed, delta.sealed.length - 1) };
      }),
    ).toBe("SEAL_BROKEN");
    expect(change((deltas) => void deltas.splice(2, 1))).toBe("SEAL_MISSING");
    expect(change((deltas) => void deltas.shift())).toBe("SEAL_MISSING");
    expect(change((deltas) => void deltas.splice(2, 0, deltas[2] as Disk["deltas"][number]))).toBe(
      "SEAL_STALE",
    );
    expect(change((deltas) => deltas.reverse())).toBe("SEAL_MISSING");
  });

  it("executes what the deltas do not cover yet", () => {
    const operator = on(early, ({ deltas }) => void deltas.splice(-2));
    operator.restore();
    expect(toHex(operator.info().digest)).toBe(digest);
  });

  it("refuses a damaged or missing snapshot, and an older one beside a newer log", () => {
    const pieces = late.snapshot.pieces.map((piece) => flipped(piece, piece.length - 1));
    expect(refusal(on(late, (disk) => void (disk.snapshot = { ...disk.snapshot, pieces })))).toBe(
      "SEAL_BROKEN",
    );
    const none = { height: 0, pieces: [] };
    const withoutAll = (disk: Disk): void => {
      disk.snapshot = none;
      disk.deltas = [];
    };
    expect(refusal(on(late, withoutAll))).toBe("SEAL_MISSING");
    expect(refusal(on(late, (disk) => void (disk.snapshot = firstSnapshot)))).toBe("SEAL_STALE");
  });

  it("gives the operator a way out: rebuild executes the whole log", () => {
    const operator = on(late, (disk) => {
      disk.snapshot = { height: 0, pieces: [] };
      disk.deltas = [];
    });
    expect(refusal(operator)).toBe("SEAL_MISSING");
    expect(refusal(operator, { rebuild: true })).toBe("started");
  });

  it("ignores state offered with a rebuild, so that no old one is mixed in", () => {
    const operator = on(late);
    operator.spawn();
    operator.tell(operator.bootMessage(true));
    for (const sealed of firstSnapshot.pieces) operator.send({ type: "snapshot-piece", sealed });
    operator.tell({ type: "restored", part: "snapshot" });
    const answers = operator.tell({ type: "restored", part: "deltas" });
    expect(answers).toContainEqual({ type: "restoring", fromHeight: 1 });
  });

  it("does not see that the whole disk is older: heights are lower, which clients see", () => {
    const operator = on(early).start();
    expect(operator.info().height).toBeLessThan(late.log.length);
  });

  it("refuses the key material of another machine, and with a bit flipped", () => {
    const cluster = early.cluster as Uint8Array;
    expect(refusal(on({ ...early, cluster: flipped(cluster, 40) }))).toBe("SEAL_BROKEN");
    const hardwareSecret = new Uint8Array(32).fill(8);
    expect(refusal(new Operator({ disk: on(early).disk, hardwareSecret }))).toBe("SEAL_BROKEN");
  });

  it("refuses entries, deltas and snapshots of another cluster", () => {
    const stranger = new Operator().start();
    stranger.takeSnapshot();
    const { cluster } = stranger.disk;
    expect(refusal(on({ ...early, cluster }))).toBe("SEAL_BROKEN");
    expect(refusal(on({ ...early, cluster, deltas: [] }))).toBe("LOG_ENTRY_BROKEN");
    expect(refusal(on({ ...late, deltas: [], cluster }))).toBe("SEAL_BROKEN");
  });

  it("refuses deltas of a history that forked off", async () => {
    const one = on(early).start();
    const other = on(early).start();
    const height = early.log.length;
    const mixed = one.copyDisk();
    mixed.deltas = [...early.deltas, ...other.disk.deltas.slice(early.deltas.length)];
    expect(mixed.log.length).toBe(height + 1);
    expect(refusal(on(mixed))).toBe("LOG_DIVERGED");
  });
});

/** A session of another machine's client, used on a restored one. */
class RawClientOn {
  readonly #operator: Operator;
  readonly #client: RawClient;

  constructor(operator: Operator, client: RawClient) {
    this.#operator = operator;
    this.#client = client;
  }

  async peek(contract: Uint8Array): ReturnType<RawClient["query"]> {
    const body = { op: "call", method: "peek", args: args(), gasLimit: 1e9 } as const;
    const envelope = this.#client.envelope("query", contract, body);
    return this.#client.read(envelope, await this.#operator.submit(envelope));
  }
}
