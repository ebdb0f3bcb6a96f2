/**
 * Bytes that one call and all that it calls may write together.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { WRITE_SET_BYTES_MAX } from "#protocol/limits.ts";

export class WriteBudget {
  #bytes = 0;

  /** Bytes that overlays hold. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Counts what overlays hold more, or less, than before.
   *
   * @throws {@link Fault} `STATE_WRITE_SET` if they would hold over {@link WRITE_SET_BYTES_MAX}.
   */
  spend(bytes: number): void {
    const length = this.#bytes + bytes;
    if (length > WRITE_SET_BYTES_MAX) {
      throw new Fault("STATE_WRITE_SET", { length, limit: WRITE_SET_BYTES_MAX });
    }
    this.#bytes = length;
  }
}
