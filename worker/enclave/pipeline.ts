/**
 * The commit pipeline: admitted entries become durable and executed, then their replies go out.
 *
 * While the enclave executes one batch, the next is on its way to the disk and a third gathers: one
 * fsync pays for all commands that arrived during the last. The enclave is given durable entries only,
 * so nobody is told of a height, by command or query, that a crash could take back; after a failed
 * write nothing is confirmed at all.
 *
 * @module
 */
import type { EnclaveToWorkerExecuted, WorkerToEnclaveExecute } from "#protocol/messages.ts";
import { WorkerError } from "#worker/error.ts";
import type { LogEngine } from "#worker/log/engine.ts";

/** Entries and bytes of one batch: half a frame, and a queue that stays fair. */
const BATCH_ENTRIES_MAX = 1024;
const BATCH_BYTES_MAX = 4 * 1024 * 1024;

export interface PipelineOptions {
  readonly log: LogEngine;
  readonly execute: (message: WorkerToEnclaveExecute) => void;
  /** A step whose entries are durable: store it, release its replies. */
  readonly commit: (step: EnclaveToWorkerExecuted) => void;
  /** Resolves when another batch may start. */
  readonly mayContinue: () => Promise<void>;
  /** The log failed: confirm nothing, stop. */
  readonly fail: (error: unknown) => void;
}

export class Pipeline {
  readonly #options: PipelineOptions;
  #queue: Uint8Array[] = [];
  #submittedHeight: number;
  #durableHeight: number;
  #executedHeight: number;
  /** What the log held at the start was committed by an earlier run. */
  #committedHeight: number;
  #isRunning = false;
  #isOver = false;
  #wake: (() => void) | undefined;
  #waiting: { height: number; resolve: () => void; reject: (error: Error) => void }[] = [];

  constructor(options: PipelineOptions) {
    this.#options = options;
    this.#durableHeight = options.log.height;
    this.#submittedHeight = options.log.height;
    this.#committedHeight = options.log.height;
    this.#executedHeight = options.log.height;
  }

  /** Entries that are not in the log yet. */
  get queued(): number {
    return this.#queue.length;
  }

  /** Height of the last entry that was submitted. */
  get submittedHeight(): number {
    return this.#submittedHeight;
  }

  /** Height that is durable, executed and released. */
  get height(): number {
    return this.#committedHeight;
  }

  /**
   * Queues an entry; entries enter the log in the order of these calls.
   *
   * @returns The height it will have.
   */
  submit(entry: Uint8Array): number {
    this.#queue.push(entry);
    this.#submittedHeight++;
    if (!this.#isRunning && !this.#isOver) this.#start();
    return this.#submittedHeight;
  }

  #start(): void {
    this.#isRunning = true;
    this.#run().catch((error: unknown) => {
      this.#isOver = true;
      this.#options.fail(error);
    });
  }

  /** Takes what the enclave executed, in order of height, and releases it: its entries are durable. */
  executed(step: EnclaveToWorkerExecuted): void {
    if (this.#isOver) return;
    this.#executedHeight = step.height;
    this.#committedHeight = Math.max(this.#committedHeight, step.height);
    this.#options.commit(step);
    this.#wake?.();
    const reached = this.#waiting.filter(({ height }) => height <= this.#committedHeight);
    this.#waiting = this.#waiting.filter(({ height }) => height > this.#committedHeight);
    for (const { resolve } of reached) resolve();
  }

  /**
   * Resolves once `height` is committed.
   *
   * @throws {@link WorkerError} `STOPPING` if the pipeline ends before.
   */
  async reached(height: number): Promise<void> {
    if (this.#committedHeight >= height) return;
    if (this.#isOver) throw new WorkerError("STOPPING");
    await new Promise<void>((resolve, reject) => this.#waiting.push({ height, resolve, reject }));
  }

  /** Resolves once all that was submitted is committed. */
  async settled(): Promise<void> {
    await this.reached(this.#submittedHeight);
  }

  /** Confirms nothing more and ends every wait. */
  stop(): void {
    this.#isOver = true;
    for (const { reject } of this.#waiting.splice(0)) reject(new WorkerError("STOPPING"));
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0 && !this.#isOver) {
      await this.#options.mayContinue();
      const entries = this.#take();
      const { log, execute } = this.#options;
      const firstHeight = log.height + 1;
      await log.append(entries);
      while (this.#executedHeight < this.#durableHeight) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
      this.#durableHeight = log.height;
      execute({ type: "execute", firstHeight, entries });
    }
    this.#isRunning = false;
  }

  #take(): Uint8Array[] {
    let count = 0;
    let bytes = 0;
    for (const entry of this.#queue) {
      bytes += entry.length;
      if (count > 0 && (count === BATCH_ENTRIES_MAX || bytes > BATCH_BYTES_MAX)) break;
      count++;
    }
    return this.#queue.splice(0, count);
  }
}
