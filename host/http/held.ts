/**
 * Results that wait in the enclave for the other requests of their fetch.
 *
 * One slow server can make a call hold the answers of fifteen fast ones, and compressed answers are cheap
 * to send: all calls together hold no more than a limit, and what is over it becomes "too-large".
 *
 * @module
 */

export class HeldResults {
  readonly #bytesMax: number;
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** @returns False when that much more is too much. */
  take(bytes: number): boolean {
    if (this.#bytes + bytes > this.#bytesMax) return false;
    this.#bytes += bytes;
    return true;
  }

  release(bytes: number): void {
    this.#bytes -= bytes;
  }
}
