/**
 * Commands on their way through the log that may be tried again: what the outside world told them is good
 * for the requests of their try ahead, and another command may change the state, and so the requests, before
 * their height comes.
 *
 * Such an entry changes nothing and answers nobody: whoever admitted it begins anew, a few times. Only this
 * enclave's own memory knows of it; after a restart the client's own second try does the same.
 *
 * @module
 */
import { toHex } from "#protocol/bytes.ts";
import { RETRY_BYTES_MAX, RETRY_CALLS_MAX } from "#protocol/limits.ts";

export interface Retry {
  /** Number of the worker process's message that brought it. */
  readonly id: number;
  readonly envelope: Uint8Array;
  /** Tries that may come after the one that is in the log. */
  readonly left: number;
}

export class Retries {
  readonly #waiting = new Map<string, Retry>();
  #bytes = 0;

  /** Whether one more can be remembered. */
  hasRoom({ length }: Uint8Array): boolean {
    return this.#waiting.size < RETRY_CALLS_MAX && this.#bytes + length <= RETRY_BYTES_MAX;
  }

  keep(requestId: Uint8Array, retry: Retry): void {
    this.take(requestId);
    if (!this.hasRoom(retry.envelope)) return;
    this.#waiting.set(toHex(requestId), retry);
    this.#bytes += retry.envelope.length;
  }

  /** Forgets a command, which is answered or tried again. */
  take(requestId: Uint8Array): Retry | undefined {
    const name = toHex(requestId);
    const retry = this.#waiting.get(name);
    if (retry === undefined) return undefined;
    this.#waiting.delete(name);
    this.#bytes -= retry.envelope.length;
    return retry;
  }
}
