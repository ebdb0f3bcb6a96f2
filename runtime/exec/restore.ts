/**
 * Recovery: from what the operator kept to the state that was, or to a named refusal.
 *
 * Snapshot, deltas and log are checked against each other: every log entry the deltas cover must hash
 * to the digest they were sealed with, and a checkpoint in the log proves that a newer snapshot than
 * the one offered exists. What deltas do not cover is executed again.
 *
 * @module
 */
import { equalBytes } from "#protocol/bytes.ts";
import { Fault } from "#protocol/fault.ts";
import type { Primitives } from "#crypto/primitives.ts";
import { openDelta } from "#seal/delta.ts";
import { SnapshotReader } from "#seal/snapshot.ts";
import type { Cluster } from "#exec/cluster.ts";
import { openEntry, type Admitted } from "#exec/entry.ts";
import { nextDigest, type Replica } from "#exec/replica.ts";

/** What deltas say about the heights they cover. */
interface Covered {
  readonly effects: Uint8Array;
  /** Set at a delta's last height: what the digest must be there. */
  readonly digest?: Uint8Array;
}

/** What the operator may send at one time: mixing them would lay old state over new. */
type Part = "snapshot" | "deltas" | "entries";

export class Restore {
  readonly #primitives: Primitives;
  readonly #cluster: Cluster;
  readonly #replica: Replica;
  readonly #rebuild: boolean;
  /** Height at which the log must end. */
  readonly logHeight: number;
  readonly #snapshot: SnapshotReader;
  readonly #covered = new Map<number, Covered>();
  #part: Part = "snapshot";
  #snapshotHeight = 0;
  /** Height and digest up to which the log has been checked. */
  #checkedHeight = 0;
  #checkedDigest: Uint8Array;

  /**
   * @param logHeight - Entries that the operator says there are; more or fewer end the restore.
   */
  constructor(
    primitives: Primitives,
    cluster: Cluster,
    replica: Replica,
    logHeight: number,
    rebuild: boolean,
  ) {
    this.logHeight = logHeight;
    this.#primitives = primitives;
    this.#cluster = cluster;
    this.#replica = replica;
    this.#rebuild = rebuild;
    this.#snapshot = new SnapshotReader(cluster.state, cluster.name);
    this.#checkedDigest = replica.digest;
  }

  /** The next height wanted from the log. */
  get nextHeight(): number {
    return this.#checkedHeight + 1;
  }

  /** @throws {@link Fault} `MESSAGE_MALFORMED` if another part's turn has come. */
  #during(part: Part): void {
    if (this.#part !== part) throw new Fault("MESSAGE_MALFORMED");
  }

  /** @throws {@link Fault} as {@link SnapshotReader.push}. */
  snapshotPiece(untrustedPiece: Uint8Array): void {
    this.#during("snapshot");
    if (this.#rebuild) return;
    this.#replica.apply(this.#snapshot.push(untrustedPiece));
  }

  /** @throws {@link Fault} as {@link SnapshotReader.finish}. */
  snapshotEnd(): void {
    this.#during("snapshot");
    this.#part = "deltas";
    const header = this.#snapshot.finish();
    if (header === undefined) return;
    this.#replica.height = header.height;
    this.#replica.digest = header.digest;
    this.#replica.timeMs = header.timeMs;
    this.#replica.history.remember(header);
    this.#snapshotHeight = header.height;
    this.#checkedHeight = header.height;
    this.#checkedDigest = header.digest;
  }

  /** @throws {@link Fault} as {@link openDelta}. */
  delta(untrustedDelta: Uint8Array): void {
    this.#during("deltas");
    if (this.#rebuild) return;
    const { state, name } = this.#cluster;
    const replica = this.#replica;
    const { height, digest } = replica;
    const delta = openDelta(state, name, untrustedDelta, height, digest);
    const heights = delta.lastHeight - delta.firstHeight + 1;
    if (delta.effects.length !== heights) throw new Fault("SEAL_BROKEN", { delta: height + 1 });
    for (const [i, effects] of delta.effects.entries()) {
      const last = i === heights - 1;
      this.#covered.set(height + 1 + i, last ? { effects, digest: delta.digest } : { effects });
    }
    replica.apply(delta.writes);
    replica.height = delta.lastHeight;
    replica.digest = delta.digest;
    replica.timeMs = delta.timeMs;
  }

  /** From here on only log entries are taken. */
  deltasEnd(): void {
    this.#during("deltas");
    this.#part = "entries";
  }

  /**
   * Checks one log entry.
   *
   * @returns The entry if it has still to be executed, nothing if the deltas cover it.
   * @throws {@link Fault} `LOG_ENTRY_BROKEN` if the cluster did not seal it.
   * @throws {@link Fault} `LOG_DIVERGED` if it is not the entry that was executed at that height.
   * @throws {@link Fault} `SEAL_STALE` if it proves that a newer snapshot exists.
   */
  entry(height: number, untrustedEntry: Uint8Array): Admitted | undefined {
    this.#during("entries");
    if (height !== this.nextHeight) throw new Fault("LOG_DIVERGED", { height });
    const { entries, name } = this.#cluster;
    const admitted = openEntry(entries, name, untrustedEntry, height);
    const { entry } = admitted;
    if (entry.kind === "checkpoint") this.#checkpoint(entry.height);
    const covered = this.#covered.get(height);
    this.#checkedHeight = height;
    if (covered === undefined) return admitted;
    this.#covered.delete(height);
    this.#checkedDigest = nextDigest(
      this.#primitives,
      this.#checkedDigest,
      untrustedEntry,
      covered.effects,
    );
    if (covered.digest !== undefined && !equalBytes(covered.digest, this.#checkedDigest)) {
      throw new Fault("LOG_DIVERGED", { height });
    }
    this.#replica.history.remember({ height, digest: this.#checkedDigest });
    return undefined;
  }

  /** Checks consecutive entries, and gives those that have still to be executed, sealed and opened. Throws as {@link entry}. */
  *missing(
    firstHeight: number,
    untrustedEntries: readonly Uint8Array[],
  ): Generator<readonly [Uint8Array, Admitted]> {
    for (const [i, sealed] of untrustedEntries.entries()) {
      const admitted = this.entry(firstHeight + i, sealed);
      if (admitted !== undefined) yield [sealed, admitted];
    }
  }

  #checkpoint(snapshotHeight: number): void {
    if (this.#rebuild || snapshotHeight <= this.#snapshotHeight) return;
    const code = this.#snapshotHeight === 0 ? "SEAL_MISSING" : "SEAL_STALE";
    throw new Fault(code, { snapshot: this.#snapshotHeight, newest: snapshotHeight });
  }

  /**
   * @throws {@link Fault} `LOG_TRUNCATED` if the log ends before the sealed state does, or before the
   *   height that was announced.
   * @throws {@link Fault} `LOG_DIVERGED` if it goes on after that height.
   */
  entriesEnd(): void {
    this.#during("entries");
    const height = this.#checkedHeight;
    const sealed = this.#replica.height;
    if (height < sealed) throw new Fault("LOG_TRUNCATED", { height, sealed });
    if (height < this.logHeight)
      throw new Fault("LOG_TRUNCATED", { height, announced: this.logHeight });
    if (height > this.logHeight) throw new Fault("LOG_DIVERGED", { height: this.logHeight });
  }
}
