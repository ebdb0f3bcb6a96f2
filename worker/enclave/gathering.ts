/**
 * Waits a moment for commands that are about to become log entries, so that one batch takes them all.
 *
 * A batch costs one fsync, one signature and some ten wake-ups of processes however many commands it
 * holds: clients that were answered together send their next commands together.
 *
 * @module
 */

/** Milliseconds a batch waits at most; less than what a second batch would cost those that missed it. */
const GATHER_MS = 1;

export class Gathering {
  readonly #underWay = new Set<number>();
  #wake: (() => void) | undefined;

  /** A command is handed to the enclave, which has yet to admit it. */
  begin(id: number): void {
    this.#underWay.add(id);
  }

  /** The enclave has decided about a request. */
  end(id: number): void {
    if (this.#underWay.delete(id) && this.#underWay.size === 0) this.#wake?.();
  }

  /** Resolves when no command is under way. One that takes too long (it waits for HTTP) is not waited for again. */
  async complete(): Promise<void> {
    if (this.#underWay.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, GATHER_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
    this.#underWay.clear();
  }
}
