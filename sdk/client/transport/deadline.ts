/**
 * How long a call may still take, and waiting that ends with it.
 *
 * @module
 */
import { clientError } from "#sdk/client/errors/client-error.ts";

const FIRST_PAUSE_MS = 50;
const PAUSE_MS_MAX = 2_000;
/** Milliseconds that a timer can count; one that is asked for more ends at once. Nearly 25 days. */
const TIMER_MS_MAX = 2 ** 31 - 1;

export class Deadline {
  readonly signal: AbortSignal | undefined;
  readonly #endMs: number;

  /** @param timeoutMs - From now; more than a timer can count is as much as that. */
  constructor(timeoutMs: number, signal?: AbortSignal) {
    this.#endMs = performance.now() + Math.min(timeoutMs, TIMER_MS_MAX);
    this.signal = signal;
  }

  /** Milliseconds left, never below zero. */
  get leftMs(): number {
    return Math.max(0, this.#endMs - performance.now());
  }

  get passed(): boolean {
    return this.leftMs === 0;
  }

  /** @throws {@link HermeticError} `CANCELLED` if the caller has given up. */
  check(): void {
    if (this.signal?.aborted === true) throw clientError("CANCELLED");
  }

  /**
   * Waits for something that others wait for too, no longer than this call may take.
   *
   * @throws {@link HermeticError} `TIMED_OUT` or `CANCELLED`; what is waited for goes on.
   */
  async limit<T>(shared: Promise<T>): Promise<T> {
    this.check();
    const settled = new AbortController();
    try {
      return await Promise.race([shared, this.#end(settled.signal)]);
    } finally {
      settled.abort();
    }
  }

  /** Rejects when this call must end; stays pending, and lets go of its timer, once `until` is. */
  async #end(until: AbortSignal): Promise<never> {
    const either = this.signal === undefined ? until : AbortSignal.any([until, this.signal]);
    await sleep(this.leftMs, either);
    if (until.aborted) return new Promise<never>(() => undefined);
    this.check();
    throw clientError("TIMED_OUT");
  }

  /**
   * Waits longer from try to try, half of it at random so that clients do not return together.
   *
   * @param attempt - From 0.
   * @throws {@link HermeticError} `CANCELLED` if the caller gives up meanwhile.
   */
  async pause(attempt: number): Promise<void> {
    this.check();
    const wholeMs = Math.min(PAUSE_MS_MAX, FIRST_PAUSE_MS * 2 ** attempt);
    await sleep(Math.min(this.leftMs, wholeMs * (0.5 + Math.random() / 2)), this.signal);
    this.check();
  }
}

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done, { once: true });
  });
}
