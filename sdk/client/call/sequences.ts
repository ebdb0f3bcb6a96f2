/**
 * Sequence numbers of commands in one session.
 *
 * The enclave remembers the newest 256 numbers; an older one counts as used. A command that is retried
 * keeps its number, so no number is given out that would push an unsettled one out of that window.
 *
 * @module
 */
import { SEQUENCE_WINDOW } from "#protocol/limits.ts";
import type { Deadline } from "#sdk/client/transport/deadline.ts";

/** Numbers from the oldest unsettled one to the newest: the enclave's window, with room to overtake. */
const SPAN_MAX = SEQUENCE_WINDOW - 56;

export class Sequences {
  readonly #unsettled = new Set<number>();
  readonly #waiting: (() => void)[] = [];
  #next = 1;

  /**
   * Takes the next number; waits while too many are unsettled. Every one taken must be settled.
   *
   * @throws {@link HermeticError} `TIMED_OUT` or `CANCELLED`; no number is taken then.
   */
  async take(deadline: Deadline): Promise<number> {
    while (this.#next - this.#oldest() >= SPAN_MAX) {
      const room = new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
      await deadline.limit(room);
    }
    const sequence = this.#next++;
    this.#unsettled.add(sequence);
    return sequence;
  }

  /** The command has its answer, or is given up. */
  settle(sequence: number): void {
    this.#unsettled.delete(sequence);
    for (const resume of this.#waiting.splice(0)) resume();
  }

  /** A set keeps the order of insertion, which is the order of the numbers. */
  #oldest(): number {
    for (const sequence of this.#unsettled) return sequence;
    return this.#next;
  }
}
