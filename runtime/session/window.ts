/**
 * Replay windows: which sequence numbers of a session have been used.
 *
 * Calls may overtake each other, so the newest 256 numbers are remembered one by one; older ones
 * count as used (the anti-replay window of RFC 4303 §3.4.3).
 *
 * @module
 */
import { integer, pack } from "#protocol/codec.ts";
import { Fault } from "#protocol/fault.ts";
import { SEQUENCE_WINDOW } from "#protocol/limits.ts";
import { Fields } from "#protocol/shape.ts";

const BITMAP_BYTES = SEQUENCE_WINDOW / 8;

export class Window {
  #highest = 0;
  /** Bit `n % 256` tells whether `n` was used, for the 256 numbers up to the highest. */
  #used: Uint8Array = new Uint8Array(BITMAP_BYTES);

  static parse(bytes: Uint8Array): Window {
    const fields = Fields.parse(bytes, "SEAL_BROKEN");
    const window = new Window();
    window.#highest = fields.integer();
    window.#used = fields.fixed(BITMAP_BYTES);
    fields.end();
    return window;
  }

  encode(): Uint8Array {
    return pack([integer(this.#highest), this.#used]);
  }

  /**
   * Checks that a sequence number may still be used.
   *
   * @throws {@link Fault} `SESSION_REPLAYED` if it was used.
   * @throws {@link Fault} `SESSION_SEQUENCE_OLD` if it is zero or behind the window.
   */
  check(sequence: number): void {
    if (sequence < 1 || sequence <= this.#highest - SEQUENCE_WINDOW) {
      throw new Fault("SESSION_SEQUENCE_OLD", { sequence, highest: this.#highest });
    }
    if (sequence <= this.#highest && this.#has(sequence)) {
      throw new Fault("SESSION_REPLAYED", { sequence });
    }
  }

  /** Marks a sequence number as used. @throws {@link Fault} as {@link check}. */
  use(sequence: number): void {
    this.check(sequence);
    const skipped = Math.min(sequence - this.#highest, SEQUENCE_WINDOW);
    for (let i = 1; i <= skipped; i++) this.#clear(this.#highest + i);
    this.#highest = Math.max(this.#highest, sequence);
    const bit = sequence % SEQUENCE_WINDOW;
    this.#used[bit >> 3] = this.#byte(bit) | (1 << (bit & 7));
  }

  #byte(bit: number): number {
    return this.#used[bit >> 3] ?? 0;
  }

  #has(sequence: number): boolean {
    const bit = sequence % SEQUENCE_WINDOW;
    return (this.#byte(bit) & (1 << (bit & 7))) !== 0;
  }

  #clear(sequence: number): void {
    const bit = sequence % SEQUENCE_WINDOW;
    this.#used[bit >> 3] = this.#byte(bit) & ~(1 << (bit & 7));
  }
}
