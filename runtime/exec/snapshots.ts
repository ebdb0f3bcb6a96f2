/**
 * Snapshots of the state: sealed in pieces when they are asked for, and marked in the log once they are stored.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { cutPieces, sealPiece, type SnapshotHeader } from "#seal/snapshot.ts";
import type { Entry } from "#exec/entry.ts";
import type { Node } from "#exec/node.ts";

export class Snapshots {
  readonly #node: Node;
  /** The last snapshot handed out, until it is stored. */
  #made: SnapshotHeader | undefined;
  /** Whether one was asked for while some of the next height was applied: it waits for the rest. */
  #isDue = false;

  constructor(node: Node) {
    this.#node = node;
  }

  /** Hands out a snapshot, at once or when {@link makeDue} is called. */
  make(): void {
    const { cluster, replica, powers } = this.#node;
    this.#isDue = replica.isAhead;
    if (replica.isAhead) return;
    const header = replica.header();
    const pieces = cutPieces(replica.entries());
    this.#made = header;
    for (const [index, piece] of pieces.entries()) {
      const total = pieces.length;
      const sealed = sealPiece(cluster.state, cluster.name, header, index, total, piece);
      powers.send({ type: "snapshot-piece", height: header.height, index, total, sealed });
    }
  }

  /** Hands out the one that had to wait, if there is one. */
  makeDue(): void {
    if (this.#isDue) this.make();
  }

  /**
   * What the log is to say of a snapshot that the worker process claims to have stored.
   *
   * @throws {@link Fault} `MESSAGE_MALFORMED` if it is not the last one that was made.
   */
  stored(untrustedHeight: number): Entry {
    const header = this.#made;
    if (header?.height !== untrustedHeight) throw new Fault("MESSAGE_MALFORMED");
    this.#made = undefined;
    const { height, digest } = header;
    return { kind: "checkpoint", timeMs: this.#node.timeMs(), height, digest };
  }
}
