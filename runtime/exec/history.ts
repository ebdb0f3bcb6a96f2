/**
 * The newest heights of the log and the state digest at each: what entries are held against.
 *
 * An enclave seals into every entry how far it had got when it admitted it. An operator who takes an
 * acknowledged entry out of the log, or puts another in its place, changes every digest after it, and
 * the next entry that knew better gives it away. The end of the log can still be cut off.
 *
 * @module
 */
import { equalBytes } from "#protocol/bytes.ts";
import { Fault } from "#protocol/fault.ts";

/** A place in the log and the state there. */
export interface Position {
  readonly height: number;
  /** 32 bytes. */
  readonly digest: Uint8Array;
}

/** Heights that are remembered, with 32 bytes each: an entry is on its way into the log for far fewer. */
const HEIGHTS_MAX = 16_384;

export class History {
  /** In the order of heights. */
  readonly #digests = new Map<number, Uint8Array>();

  constructor(start: Position) {
    this.remember(start);
  }

  remember({ height, digest }: Position): void {
    this.#digests.set(height, digest);
    this.#digests.delete(height - HEIGHTS_MAX);
  }

  /**
   * Checks what an entry was admitted after. A height that is no longer remembered is let pass.
   *
   * @param after - Newest position the admitting enclave knew.
   * @param height - Where the entry stands.
   * @throws {@link Fault} `LOG_DIVERGED` if the log was another one then.
   */
  check(after: Position, height: number): void {
    const digest = this.#digests.get(after.height);
    const isKnown = digest === undefined || equalBytes(digest, after.digest);
    if (after.height >= height || !isKnown) throw new Fault("LOG_DIVERGED", { height });
  }
}
