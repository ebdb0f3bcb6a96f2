/**
 * The deadlines of one exchange: one for all of it, one for each wait without progress.
 *
 * The worker process and the far end may stall at any step or answer one byte at a time; every wait
 * of an exchange races against this.
 *
 * @module
 */
import { HTTP_STALL_MS, HTTP_TIMEOUT_MS } from "#protocol/limits.ts";
import type { HttpError } from "#protocol/http.ts";
import { HttpFailure } from "./failure.ts";

export interface Deadlines {
  readonly totalMs: number;
  readonly stallMs: number;
}

export const defaultDeadlines: Deadlines = { totalMs: HTTP_TIMEOUT_MS, stallMs: HTTP_STALL_MS };

export class Deadline {
  /** Rejects with the first {@link HttpFailure}; never resolves. */
  readonly failed: Promise<never>;
  readonly #total: NodeJS.Timeout;
  readonly #stallMs: number;
  #stall: NodeJS.Timeout | undefined;
  #over = false;
  #reject!: (failure: HttpFailure) => void;

  constructor({ totalMs, stallMs }: Deadlines) {
    this.failed = new Promise((_resolve, reject) => {
      this.#reject = reject;
    });
    this.#total = setTimeout(() => this.fail("timeout"), totalMs);
    this.#stallMs = stallMs;
  }

  /** Something happened: the stall deadline starts (again). Until the first time only the total runs. */
  readonly progress = (): void => {
    if (this.#stall !== undefined) this.#stall.refresh();
    else if (!this.#over) this.#stall = setTimeout(() => this.fail("timeout"), this.#stallMs);
  };

  /** Ends the exchange. */
  readonly fail = (reason: HttpError): void => {
    this.clear();
    this.#reject(new HttpFailure(reason));
  };

  clear(): void {
    this.#over = true;
    clearTimeout(this.#total);
    clearTimeout(this.#stall);
  }
}
