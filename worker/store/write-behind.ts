/**
 * Writes receipts and deltas a moment after their replies have left.
 *
 * The log already made the commands durable and holds all that is needed to make both again, so they
 * wait a few milliseconds and are written together: receipts first, because only what the receipts
 * reach may be skipped when the log is replayed.
 *
 * @module
 */
import type { EnclaveToWorkerExecuted } from "#protocol/messages.ts";
import type { Deltas } from "#worker/store/deltas.ts";
import { type Receipts, stepBytes } from "#worker/store/receipts.ts";

/** Milliseconds of commands that a crash leaves to be executed again. */
const DELAY_MS = 50;
/** Bytes that are written without waiting. */
const EAGER_BYTES = 1024 * 1024;
/** Bytes beyond which commands wait for the disk. */
const WAITING_BYTES_MAX = 32 * 1024 * 1024;

export class WriteBehind {
  readonly #receipts: Receipts;
  readonly #deltas: Deltas;
  /** Called when the disk refuses; nothing is written after that. */
  onFailure: (error: unknown) => void = () => undefined;
  #steps: EnclaveToWorkerExecuted[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(receipts: Receipts, deltas: Deltas) {
    this.#receipts = receipts;
    this.#deltas = deltas;
  }

  /** Takes one step; its receipts can be found from now on. */
  add(step: EnclaveToWorkerExecuted): void {
    this.#receipts.remember(step.replies);
    this.#steps.push(step);
    this.#bytes += step.delta.length + stepBytes(step.replies);
    if (this.#bytes >= EAGER_BYTES) this.#flushSoon(0);
    else this.#flushSoon(DELAY_MS);
  }

  /** Whether so much waits that commands should wait too. */
  get isFull(): boolean {
    return this.#bytes > WAITING_BYTES_MAX;
  }

  /** Writes all that was added before the call. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#write());
    await this.#writing;
  }

  /** Runs `work` while nothing is being written. */
  async exclusively(work: () => Promise<void>): Promise<void> {
    this.#writing = this.#writing.then(work);
    await this.#writing;
  }

  /** Writes what waits, as far as the disk still takes it: the log has it all anyway. */
  async close(): Promise<void> {
    await this.flush().catch((error: unknown) => this.onFailure(error));
  }

  #flushSoon(delayMs: number): void {
    if (this.#timer !== undefined && delayMs > 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.flush().catch((error: unknown) => this.onFailure(error));
    }, delayMs);
  }

  async #write(): Promise<void> {
    const steps = this.#steps;
    if (steps.length === 0) return;
    const bytes = this.#bytes;
    this.#steps = [];
    await this.#receipts.write(steps);
    await this.#deltas.append(steps.map(({ height, delta }) => ({ number: height, bytes: delta })));
    this.#bytes -= bytes;
  }
}
