/**
 * What the world's operator keeps: the same blobs that a worker has on disk.
 *
 * @module
 */

export interface Delta {
  /** Last height it covers. */
  readonly height: number;
  readonly sealed: Uint8Array;
}

export interface SealedSnapshot {
  readonly height: number;
  readonly pieces: readonly Uint8Array[];
}

export class Disk {
  /** The simulated machine's secret, 32 bytes. */
  readonly hardwareSecret: Uint8Array;
  sealedCluster: Uint8Array | undefined;
  snapshot: SealedSnapshot | undefined;
  /** After the snapshot, in order. */
  deltas: Delta[] = [];
  /** Entry `i` has height `i + 1`. */
  log: Uint8Array[] = [];

  constructor(hardwareSecret: Uint8Array) {
    this.hardwareSecret = hardwareSecret;
  }

  get height(): number {
    return this.log.length;
  }

  /** Another disk with the same content; blobs are never changed, so they are shared. */
  copy(): Disk {
    const copy = new Disk(this.hardwareSecret);
    copy.sealedCluster = this.sealedCluster;
    copy.snapshot = this.snapshot;
    copy.deltas = [...this.deltas];
    copy.log = [...this.log];
    return copy;
  }

  /** @returns The height of the entry. */
  append(entry: Uint8Array): number {
    return this.log.push(entry);
  }

  /** Keeps a complete snapshot and drops the deltas it covers. */
  keep(snapshot: SealedSnapshot): void {
    this.snapshot = snapshot;
    this.deltas = this.deltas.filter(({ height }) => height > snapshot.height);
  }
}
