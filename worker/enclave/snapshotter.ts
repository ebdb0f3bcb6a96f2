/**
 * When to take snapshots, and what may go once one stands.
 *
 * A snapshot gets its name only when all it covers is durable in the log. The older one and the deltas
 * it made unnecessary go only when the log holds the checkpoint of the new one.
 *
 * @module
 */
import type { EnclaveToWorkerSnapshotPiece, WorkerToEnclave } from "#protocol/messages.ts";
import type { Pipeline } from "#worker/enclave/pipeline.ts";
import type { Deltas } from "#worker/store/deltas.ts";
import { removeSnapshots, SnapshotDraft } from "#worker/store/snapshots.ts";
import type { WriteBehind } from "#worker/store/write-behind.ts";

/** How much may have to be read again at a start. */
export interface SnapshotPolicy {
  readonly deltaBytes: number;
  readonly heights: number;
}

export const defaultSnapshotPolicy: SnapshotPolicy = {
  deltaBytes: 8 * 1024 * 1024,
  heights: 10_000,
};

export interface SnapshotterOptions {
  readonly directory: string;
  readonly policy: SnapshotPolicy;
  readonly pipeline: Pipeline;
  readonly deltas: Deltas;
  readonly writeBehind: WriteBehind;
  readonly send: (message: WorkerToEnclave) => void;
  readonly fail: (error: unknown) => void;
  /** Height of the newest snapshot on disk; 0 for none. */
  readonly height: number;
}

export class Snapshotter {
  readonly #options: SnapshotterOptions;
  #height: number;
  #deltaBytes: number;
  /** From the order to the removal of what it replaces. */
  #isBusy = false;
  #draft: SnapshotDraft | undefined;
  /** Height of a stored snapshot whose checkpoint is not in the log yet. */
  #unchecked: number | undefined;
  #work: Promise<void> = Promise.resolve();

  constructor(options: SnapshotterOptions) {
    this.#options = options;
    this.#height = options.height;
    this.#deltaBytes = options.deltas.bytes;
  }

  /** Height of the newest complete snapshot. */
  get height(): number {
    return this.#height;
  }

  /** Counts a step, and orders a snapshot when enough have gathered. */
  committed(height: number, deltaBytes: number): void {
    this.#deltaBytes += deltaBytes;
    const { policy, send } = this.#options;
    const isDue = this.#deltaBytes >= policy.deltaBytes || height - this.#height >= policy.heights;
    if (!isDue || this.#isBusy) return;
    this.#isBusy = true;
    this.#deltaBytes = 0;
    send({ type: "snapshot" });
  }

  /** Takes one piece from the enclave; pieces come in order. */
  piece(piece: EnclaveToWorkerSnapshotPiece): void {
    this.#enqueue(async () => {
      const { directory } = this.#options;
      this.#draft ??= await SnapshotDraft.create(directory, piece.height);
      await this.#draft.add(piece.sealed);
      if (piece.index === piece.total - 1) await this.#finish(this.#draft);
    });
  }

  /** The enclave's own entry at this height: the checkpoint, if one is due. */
  entry(height: number): void {
    this.#enqueue(async () => {
      const stored = this.#unchecked;
      if (stored === undefined) return;
      this.#unchecked = undefined;
      const { pipeline, writeBehind, deltas, directory } = this.#options;
      await pipeline.reached(height);
      await writeBehind.exclusively(() => deltas.keep(stored));
      await removeSnapshots(directory, stored);
      this.#isBusy = false;
    });
  }

  async stop(): Promise<void> {
    await this.#work;
    await this.#draft?.abandon();
  }

  async #finish(draft: SnapshotDraft): Promise<void> {
    const { pipeline, writeBehind, send } = this.#options;
    this.#draft = undefined;
    await pipeline.reached(draft.height);
    await writeBehind.flush();
    await draft.finish();
    this.#height = draft.height;
    this.#unchecked = draft.height;
    send({ type: "snapshot-stored", height: draft.height });
  }

  #enqueue(work: () => Promise<void>): void {
    this.#work = this.#work.then(work).catch(this.#options.fail);
  }
}
