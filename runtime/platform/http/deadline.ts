/**
 * The deadlines of one exchange: one for all of it, one for each of its phases, and one for each wait
 * without progress while its body comes.
 *
 * The worker process and the far end may stall at any step or answer one byte at a time; every wait
 * of an exchange races against this.
 *
 * @module
 */
import { HTTP_HEAD_MS, HTTP_STALL_MS, HTTP_TIMEOUT_MS } from "#protocol/limits.ts";
import type { HttpError } from "#protocol/http.ts";
import { HttpFailure } from "./failure.ts";

export interface Deadlines {
  readonly totalMs: number;
  /** For the way to the server (name and connection), for the handshake, and for each wait inside a body. */
  readonly stallMs: number;
  /** From the request's first byte to the end of the answer's head: servers think in this time. */
  readonly headMs?: number;
}

export const defaultDeadlines: Deadlines = { totalMs: HTTP_TIMEOUT_MS, stallMs: HTTP_STALL_MS };

/** In the order in which an exchange passes them; a connection that is used again begins with the head. */
export type Phase = "dial" | "handshake" | "head" | "body";

export class Deadline {
  /** Rejects with the first {@link HttpFailure}; never resolves. */
  readonly failed: Promise<never>;
  readonly #total: NodeJS.Timeout;
  readonly #stallMs: number;
  readonly #headMs: number;
  #phase: NodeJS.Timeout | undefined;
  #isBody = false;
  #over = false;
  #reject!: (failure: HttpFailure) => void;

  constructor({ totalMs, stallMs, headMs = HTTP_HEAD_MS }: Deadlines) {
    this.failed = new Promise((_resolve, reject) => {
      this.#reject = reject;
    });
    // Whoever waits may come later than a failure.
    this.failed.catch(() => {});
    this.#total = setTimeout(() => this.fail("timeout"), totalMs);
    this.#stallMs = stallMs;
    this.#headMs = headMs;
  }

  get isOver(): boolean {
    return this.#over;
  }

  /** The next phase begins. Until the first one, only the total runs. */
  enter(phase: Phase): void {
    clearTimeout(this.#phase);
    if (this.#over) return;
    this.#isBody = phase === "body";
    const ms = phase === "head" ? this.#headMs : this.#stallMs;
    this.#phase = setTimeout(() => this.fail("timeout"), ms);
  }

  /** Something happened: while a body comes, its deadline starts again. */
  readonly progress = (): void => {
    if (this.#isBody) this.#phase?.refresh();
  };

  /** Ends the exchange. */
  readonly fail = (reason: HttpError): void => {
    this.clear();
    this.#reject(new HttpFailure(reason));
  };

  clear(): void {
    this.#over = true;
    this.#isBody = false;
    clearTimeout(this.#total);
    clearTimeout(this.#phase);
  }
}
