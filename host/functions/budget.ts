/**
 * Counts that a call and all that it calls share: splitting work among contracts gives nobody more.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { CALLS_MAX, EVENTS_MAX, HTTP_REQUESTS_MAX } from "#protocol/limits.ts";

export class CallBudget {
  #events = 0;
  #requests = 0;
  #calls = 0;

  /** @throws {@link Fault} `EVENTS_LIMIT` if there are {@link EVENTS_MAX} already. */
  takeEvent(): void {
    if (this.#events >= EVENTS_MAX) throw new Fault("EVENTS_LIMIT", { limit: EVENTS_MAX });
    this.#events++;
  }

  /** Events emitted so far by calls that have not failed. */
  get events(): number {
    return this.#events;
  }

  /** Goes back to an earlier number of {@link events}: those of a call that failed were never emitted. */
  rewindEvents(count: number): void {
    this.#events = count;
  }

  /**
   * Counts one fetch. One without requests counts as one, so that fetches are bounded too.
   *
   * @throws {@link Fault} `HTTP_LIMIT` over {@link HTTP_REQUESTS_MAX}.
   */
  takeRequests(count: number): void {
    this.#requests += Math.max(count, 1);
    if (this.#requests > HTTP_REQUESTS_MAX) {
      throw new Fault("HTTP_LIMIT", { value: this.#requests, limit: HTTP_REQUESTS_MAX });
    }
  }

  /** @throws {@link Fault} `CALLS_LIMIT` if there were {@link CALLS_MAX} already, failed ones included. */
  takeCall(): void {
    if (this.#calls >= CALLS_MAX) throw new Fault("CALLS_LIMIT", { limit: CALLS_MAX });
    this.#calls++;
  }
}
