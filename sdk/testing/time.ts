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

/** The log of the world's enclave, as far as time is concerned. */
export interface TimedLog {
  /** The time of the last entry; 0 before there is one. */
  readonly lastMs: () => number;
  /** Writes an entry, which takes up the present time. */
  readonly checkpoint: () => void;
}

export class WorldTime {
  readonly #clock: Clock;
  readonly #log: TimedLog;

  constructor(clock: Clock, log: TimedLog) {
    this.#clock = clock;
    this.#log = log;
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
    // The enclave does not follow a clock that is a year ahead of the log: it is taken there by entries.
    for (let last = this.#log.lastMs(); last > 0 && ms - last > TIME_STEP_MS_MAX;) {
      this.#clock.ms = last + TIME_STEP_MS_MAX;
      this.#log.checkpoint();
      last = this.#log.lastMs();
    }
    this.#clock.ms = ms;
  }
}
