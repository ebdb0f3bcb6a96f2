/**
 * How many requests one call may make, live and in replay alike.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { HTTP_REQUESTS_MAX } from "#protocol/limits.ts";

export class RequestQuota {
  #used = 0;

  /**
   * Counts one fetch. One without requests counts as one, so that fetches are bounded too.
   *
   * @param count - Requests of the fetch.
   * @throws {@link Fault} `HTTP_LIMIT` if they are over {@link HTTP_REQUESTS_MAX}.
   */
  charge(count: number): void {
    const requests = this.#used + Math.max(count, 1);
    if (requests > HTTP_REQUESTS_MAX) {
      throw new Fault("HTTP_LIMIT", { requests, limit: HTTP_REQUESTS_MAX });
    }
    this.#used = requests;
  }
}
