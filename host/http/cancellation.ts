/**
 * Word that nobody waits for a call any more: what it waits for itself is ended, and nothing is begun.
 *
 * The operator says so, and may lie: it ends calls that leave nothing behind, and no others.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";

export class Cancellation {
  readonly #steps = new Set<() => void>();
  #isOver = false;

  get isOver(): boolean {
    return this.#isOver;
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const step of this.#steps) step();
    this.#steps.clear();
  }

  /** @param step - To be done at the end, or at once if that was. @returns Takes it back. */
  on(step: () => void): () => void {
    if (this.#isOver) step();
    else this.#steps.add(step);
    return () => void this.#steps.delete(step);
  }

  /** @throws {@link Fault} `CALL_TIMEOUT` once it is over. */
  assertWanted(): void {
    if (this.#isOver) throw new Fault("CALL_TIMEOUT");
  }
}
