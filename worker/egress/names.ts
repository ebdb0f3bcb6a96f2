/**
 * Name resolution for the enclave, through the operating system.
 *
 * A lookup blocks one of the four threads that file writes of the log need too, for as long as the
 * resolver likes. So only two run at once, and a name that waits too long is given up.
 *
 * @module
 */
import { lookup } from "node:dns";
import { EGRESS_ADDRESSES_MAX } from "#protocol/limits.ts";

const AT_ONCE_MAX = 2;

/** Calls back once: with addresses, or with none when the name does not resolve in time. */
type Answer = (addresses: readonly string[]) => void;

interface Query {
  readonly host: string;
  readonly answer: Answer;
}

export class Names {
  readonly #lookupMs: number;
  readonly #waiting = new Set<Query>();
  #running = 0;

  constructor(lookupMs: number) {
    this.#lookupMs = lookupMs;
  }

  /** @returns Forgets the query: `answer` is not called any more. */
  resolve(host: string, answer: Answer): () => void {
    let open = true;
    const settle: Answer = (addresses) => {
      clearTimeout(timer);
      this.#waiting.delete(query);
      if (open) answer(addresses);
      open = false;
    };
    const query = { host, answer: settle };
    const timer = setTimeout(() => settle([]), this.#lookupMs);
    this.#waiting.add(query);
    this.#next();
    return () => {
      open = false;
      settle([]);
    };
  }

  #next(): void {
    for (const query of this.#waiting) {
      if (this.#running >= AT_ONCE_MAX) return;
      this.#waiting.delete(query);
      this.#running++;
      lookup(query.host, { all: true, order: "verbatim" }, (error, entries) => {
        this.#running--;
        const found = error === null ? entries : [];
        query.answer(found.slice(0, EGRESS_ADDRESSES_MAX).map(({ address }) => address));
        this.#next();
      });
    }
  }
}
