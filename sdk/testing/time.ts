/**
 * `world.time`: the clock that contracts see, in the test's hands.
 *
 * @module
 */
import { TIME_STEP_MS_MAX } from "#protocol/limits.ts";
import { durationMs, type Duration } from "#sdk/testing/duration.ts";
import type { Clock } from "#sdk/testing/enclave/clock.ts";
import { kitError } from "#sdk/testing/errors/kit-error.ts";

const SECOND_MS = 1000;

export class WorldTime {
  readonly #clock: Clock;
  readonly #checkpoint: () => void;

  /** @param checkpoint - Writes an entry to the log, which takes up the present time. */
  constructor(clock: Clock, checkpoint: () => void) {
    this.#clock = clock;
    this.#checkpoint = checkpoint;
  }

  /** Unix time in seconds: what `ctx.now()` returns. */
  now(): bigint {
    return BigInt(Math.floor(this.#clock.ms / SECOND_MS));
  }

  /** Moves on. @throws {@link HermeticError} `TIME_BACKWARDS` for a negative duration. */
  advance(duration: Duration): void {
    this.#to(this.#clock.ms + durationMs(duration));
  }

  /**
   * Moves on to a moment.
   *
   * @param moment - A date, a text that `Date` reads, or Unix time in seconds as `now()` gives it.
   * @throws {@link HermeticError} `TIME_BACKWARDS` if it is in the world's past.
   */
  set(moment: Date | string | bigint): void {
    if (typeof moment === "bigint") this.#to(Number(moment) * SECOND_MS);
    else this.#to(new Date(moment).getTime());
  }

  #to(ms: number): void {
    if (!(ms >= this.#clock.ms)) {
      const [from, to] = [this.#clock.ms, ms].map((each) => new Date(each));
      throw kitError("TIME_BACKWARDS", `from ${from?.toISOString()} to ${String(to)}`);
    }
    // The enclave does not follow a clock that jumps by more than a year: it is taken there by entries.
    while (ms - this.#clock.ms > TIME_STEP_MS_MAX) {
      this.#clock.ms += TIME_STEP_MS_MAX;
      this.#checkpoint();
    }
    this.#clock.ms = ms;
  }
}
