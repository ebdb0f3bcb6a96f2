/**
 * What flows between the enclave and the parts of a worker: each message goes to the one it is for.
 *
 * Whoever asks is found again here, entries find their way into the log and back, and what the enclave
 * sends out or wants kept reaches the network and the disk.
 *
 * @module
 */
import type {
  EnclaveToWorker,
  EnclaveToWorkerExecuted,
  PublicEvent,
  WorkerToEnclave,
} from "#protocol/messages.ts";
import { workerCodes } from "#worker/codes.ts";
import { createEgress, type Egress } from "#worker/egress/egress.ts";
import { Mailbox } from "#worker/enclave/mailbox.ts";
import { Pipeline } from "#worker/enclave/pipeline.ts";
import { Requests } from "#worker/enclave/requests.ts";
import { type SnapshotPolicy, Snapshotter } from "#worker/enclave/snapshotter.ts";
import { WorkerError } from "#worker/error.ts";
import type { OpenStore } from "#worker/store/open.ts";

export interface TrafficOptions {
  readonly store: OpenStore;
  readonly send: (message: WorkerToEnclave) => void;
  readonly snapshots: SnapshotPolicy;
  /** Milliseconds a request may take from its arrival to its answer. */
  readonly requestTimeoutMs: number;
  /** Told when the worker cannot go on. */
  readonly fail: (error: unknown) => void;
}

export class Traffic {
  /** The start-up conversation. */
  readonly mailbox: Mailbox = new Mailbox();
  readonly requests: Requests;
  readonly pipeline: Pipeline;
  readonly #store: OpenStore;
  readonly #fail: (error: unknown) => void;
  readonly #snapshotter: Snapshotter;
  readonly #egress: Egress;
  readonly #listeners = new Set<(events: readonly PublicEvent[]) => void>();
  #commands = 0;

  constructor({ store, send, snapshots, requestTimeoutMs, fail }: TrafficOptions) {
    this.#store = store;
    this.#fail = fail;
    this.#egress = createEgress((egress) => send({ type: "egress", egress }));
    this.requests = new Requests(requestTimeoutMs, (id) => send({ type: "cancel", id }));
    this.pipeline = new Pipeline({
      log: store.log,
      execute: send,
      commit: (step) => this.#commit(step),
      mayContinue: () => this.#mayContinue(),
      fail,
    });
    this.#snapshotter = new Snapshotter({
      directory: store.data.path,
      policy: snapshots,
      pipeline: this.pipeline,
      deltas: store.deltas,
      writeBehind: store.writeBehind,
      send,
      fail,
      height: store.snapshotHeight,
    });
  }

  /** Takes one message of the enclave. */
  receive(message: EnclaveToWorker): void {
    switch (message.type) {
      case "answered":
        return this.requests.settle(message.id, { kind: "sealed", bytes: message.reply });
      case "rejected": {
        const { id, fault, facts } = message;
        return this.requests.settle(id, { kind: "refused", number: fault, facts });
      }
      case "info":
        return this.requests.settle(message.id, { kind: "sealed", bytes: message.info });
      case "admitted":
        this.requests.admitted(message.id, message.requestId);
        this.pipeline.submit(message.entry);
        return;
      case "tick":
        this.pipeline.submit(message.entry);
        return;
      case "entry":
        return this.#snapshotter.entry(this.pipeline.submit(message.entry));
      case "executed":
        return this.pipeline.executed(message);
      case "snapshot-piece":
        return this.#snapshotter.piece(message);
      case "egress":
        return this.#egress.receive(message.egress);
      case "booted":
      case "restoring":
      case "ready":
        return this.mailbox.put(message);
      case "refused": {
        const facts = { ...message.facts, fault: message.fault };
        return this.#fail(new WorkerError("ENCLAVE_REFUSED", { facts }));
      }
    }
  }

  /** Calls `listener` with public events as they are committed. @returns Ends it. */
  subscribe(listener: (events: readonly PublicEvent[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Counts and heights for whoever watches the worker; nothing secret. */
  get status() {
    const { log, receipts, deltas } = this.#store;
    return {
      height: this.pipeline.height,
      log_height: log.height,
      log_bytes: log.bytes,
      delta_bytes: deltas.bytes,
      snapshot_height: this.#snapshotter.height,
      receipts: receipts.count,
      queued: this.pipeline.queued,
      waiting: this.requests.size,
      commands_total: this.#commands,
    };
  }

  /** Confirms nothing more, and tells all who wait why. */
  fail(error: WorkerError): void {
    this.pipeline.stop();
    this.mailbox.fail(error);
    this.requests.refuseAll(workerCodes.STOPPING);
  }

  /** Refuses all who wait, and closes every tunnel: the enclave is about to end. */
  close(): void {
    this.requests.refuseAll(workerCodes.STOPPING);
    this.#egress.dispose();
  }

  /** Finishes what the enclave has left behind; it has ended. */
  async stop(): Promise<void> {
    this.pipeline.stop();
    await this.#snapshotter.stop();
  }

  async #mayContinue(): Promise<void> {
    const { writeBehind } = this.#store;
    if (writeBehind.isFull) await writeBehind.flush();
    await this.requests.gathering.complete();
  }

  #commit(step: EnclaveToWorkerExecuted): void {
    this.#commands += step.replies.length;
    this.requests.committed(step.replies);
    this.#store.writeBehind.add(step);
    this.#snapshotter.committed(step.height, step.delta.length);
    if (step.events.length > 0) for (const listener of this.#listeners) listener(step.events);
  }
}
