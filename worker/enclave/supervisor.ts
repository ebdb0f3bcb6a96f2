/**
 * The life of one running worker without its HTTP face: data directory and enclave, from start to end.
 *
 * It fails as a whole. When the enclave dies or the disk refuses, nothing more is confirmed, all who
 * wait are told, and the process is to end: a new start repairs what a running one cannot.
 *
 * @module
 */

import { setTimeout as sleep } from "node:timers/promises";
import type { PublicEvent } from "#protocol/messages.ts";
import { workerCodes } from "#worker/codes.ts";
import { bootEnclave } from "#worker/enclave/boot.ts";
import type { EnclaveLink, OpenEnclave } from "#worker/enclave/link.ts";
import type { Respond } from "#worker/enclave/requests.ts";
import type { SnapshotPolicy } from "#worker/enclave/snapshotter.ts";
import { Traffic } from "#worker/enclave/traffic.ts";
import { WorkerError } from "#worker/error.ts";
import type { Report } from "#worker/report.ts";
import { type OpenStore, openStore } from "#worker/store/open.ts";
import type { RequestedConfig } from "#worker/store/config.ts";

/** Milliseconds between looks for requests that waited too long. */
const EXPIRE_EVERY_MS = 1_000;
/** Milliseconds that commands on their way get when the worker stops. */
const SETTLE_TIMEOUT_MS = 10_000;

export interface SupervisorOptions {
  readonly dataPath: string;
  readonly config: RequestedConfig;
  readonly rebuild: boolean;
  readonly openEnclave: OpenEnclave;
  readonly snapshots: SnapshotPolicy;
  /** Milliseconds a request may take from its arrival to its answer. */
  readonly requestTimeoutMs: number;
  /** Milliseconds without an entry after which a height passes, if a contract has planned a call; 0 for never. */
  readonly tickMs: number;
  readonly report: Report;
}

export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #store: OpenStore;
  readonly #link: EnclaveLink;
  readonly #traffic: Traffic;
  readonly #expiry: NodeJS.Timeout;
  readonly #ticking: NodeJS.Timeout | undefined;
  #failure: WorkerError | undefined;
  #isStopping = false;
  /** Whether the boot entry stands in the log. */
  #isServing = false;
  /** Height at the last tick. */
  #tickHeight = 0;
  /** Rejects when the worker fails; never resolves. */
  readonly failed: Promise<never>;
  #reject: (error: WorkerError) => void = () => undefined;

  private constructor(options: SupervisorOptions, store: OpenStore) {
    this.#options = options;
    this.#store = store;
    this.failed = new Promise((_resolve, reject) => (this.#reject = reject));
    this.failed.catch(() => undefined); // whoever cares waits on it; the rest need not
    const fail = (error: unknown): void => this.#fail(error);
    const { snapshots, requestTimeoutMs, tickMs } = options;
    this.#link = options.openEnclave({
      message: (message) => this.#traffic.receive(message),
      lost: fail,
    });
    const send = this.#link.send.bind(this.#link);
    store.writeBehind.onFailure = fail;
    this.#traffic = new Traffic({ store, send, snapshots, requestTimeoutMs, fail });
    this.#expiry = setInterval(() => {
      this.#traffic.requests.expire(workerCodes.ANSWER_TIMEOUT);
    }, EXPIRE_EVERY_MS);
    this.#ticking = tickMs === 0 ? undefined : setInterval(() => this.#tick(), tickMs);
  }

  /** Lets a height pass if none has since the last time. */
  #tick(): void {
    const { submittedHeight } = this.#traffic.pipeline;
    if (submittedHeight === this.#tickHeight && this.#isServing) {
      this.#link.send({ type: "tick", always: false });
    }
    this.#tickHeight = submittedHeight;
  }

  /**
   * Starts everything, up to the point where requests can be answered.
   *
   * @throws {@link WorkerError} `ENCLAVE_…`, `DATA_…` or `LOG_DAMAGED`; everything is closed again.
   */
  static async start(options: SupervisorOptions): Promise<Supervisor> {
    const { dataPath, config, rebuild, report } = options;
    const store = await openStore(dataPath, { config, rebuild, report });
    let supervisor: Supervisor;
    try {
      supervisor = new Supervisor(options, store);
    } catch (error) {
      await store.close();
      throw error;
    }
    try {
      await supervisor.#boot();
      return supervisor;
    } catch (error) {
      await supervisor.stop();
      throw error;
    }
  }

  get enclavePid(): number {
    return this.#link.pid;
  }

  /** Requests that wait for an answer. */
  get waiting(): number {
    return this.#traffic.requests.size;
  }

  /** Counts and heights for whoever watches the worker; nothing secret. */
  get status(): Traffic["status"] {
    return this.#traffic.status;
  }

  /**
   * Hands an envelope to the enclave; `respond` is called once.
   *
   * @param mayCommit - Whether it is said to be more than a query. Batching depends on it, and whether the enclave is
   *   told when its sender leaves.
   * @returns To be called when its sender has left.
   */
  request(envelope: Uint8Array, mayCommit: boolean, respond: Respond): () => void {
    if (this.#refuses(respond)) return () => undefined;
    const id = this.#traffic.requests.add(respond, mayCommit);
    this.#link.send({ type: "request", id, envelope });
    return () => this.#traffic.requests.leave(id);
  }

  /** Asks for the worker's public identity, as encoded `WorkerInfo`. */
  info(respond: Respond): void {
    if (this.#refuses(respond)) return;
    this.#link.send({ type: "info", id: this.#traffic.requests.add(respond, false) });
  }

  /** Answers with the reply to an earlier request, waiting for it if it is on its way. */
  receipt(requestId: Uint8Array, respond: Respond): void {
    if (this.#traffic.requests.join(requestId, respond)) return;
    const unknown = { kind: "refused", number: workerCodes.RECEIPT_UNKNOWN, facts: {} } as const;
    this.#store.receipts.find(requestId).then(
      (bytes) => respond(bytes === undefined ? unknown : { kind: "sealed", bytes }),
      (error: unknown) => {
        this.#fail(error);
        respond({ kind: "refused", number: workerCodes.STOPPING, facts: {} });
      },
    );
  }

  /** Calls `listener` with public events as they are committed. @returns Ends it. */
  subscribe(listener: (events: readonly PublicEvent[]) => void): () => void {
    return this.#traffic.subscribe(listener);
  }

  /** Ends the enclave, writes what waits, and lets go of the directory. */
  async stop(): Promise<void> {
    if (this.#isStopping) return;
    this.#isStopping = true;
    clearInterval(this.#expiry);
    clearInterval(this.#ticking);
    if (this.#failure === undefined) await this.#settle();
    this.#traffic.close();
    await this.#link.stop();
    await this.#traffic.stop();
    await this.#store.close();
  }

  async #boot(): Promise<void> {
    const { data, log, deltas, snapshotHeight } = this.#store;
    const { rebuild } = this.#options;
    const material = { data, log, deltas, snapshotHeight, rebuild };
    const { mailbox, pipeline } = this.#traffic;
    const { entry } = await bootEnclave(this.#link, mailbox, material);
    const height = pipeline.submit(entry);
    await Promise.race([pipeline.reached(height), this.failed]);
    this.#isServing = true;
  }

  /** Waits for commands on their way; a restart executes what does not make it. */
  async #settle(): Promise<void> {
    const settled = this.#traffic.pipeline.settled().catch(() => undefined); // it failed: nothing to wait for
    await Promise.race([settled, sleep(SETTLE_TIMEOUT_MS, undefined, { ref: false })]);
  }

  #refuses(respond: Respond): boolean {
    if (this.#failure === undefined && !this.#isStopping) return false;
    respond({ kind: "refused", number: workerCodes.STOPPING, facts: {} });
    return true;
  }

  #fail(cause: unknown): void {
    if (this.#failure !== undefined || this.#isStopping) return;
    const isExpected = cause instanceof WorkerError;
    const error = isExpected ? cause : new WorkerError("UNEXPECTED", { cause });
    this.#failure = error;
    this.#traffic.fail(error);
    this.#reject(error);
  }
}
