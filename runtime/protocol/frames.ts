/**
 * Frames on the pipe: a length (u32, big-endian), then that many bytes.
 *
 * @module
 */
import { u32 } from "#protocol/bytes.ts";
import { Fault } from "#protocol/fault.ts";
import { FRAME_BYTES_MAX } from "#protocol/limits.ts";

const LENGTH_BYTES = 4;

/** The length that goes in front of a frame's bytes. */
export function frameHeader(bytes: Uint8Array): Uint8Array {
  return u32(bytes.length);
}

/** Cuts a byte stream into frames. */
export class FrameReader {
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;

  /**
   * Takes the next piece of the stream.
   *
   * @returns Every frame that is now complete; each a view of the pieces, or a copy where it spans them.
   * @throws {@link Fault} `MESSAGE_MALFORMED` if a length is over `FRAME_BYTES_MAX`, before any of it is kept.
   */
  push(untrustedChunk: Uint8Array): Uint8Array[] {
    this.#pending.push(untrustedChunk);
    this.#pendingBytes += untrustedChunk.length;
    const frames: Uint8Array[] = [];
    while (this.#pendingBytes >= LENGTH_BYTES) {
      const length = this.#peekLength();
      if (length > FRAME_BYTES_MAX) throw new Fault("MESSAGE_MALFORMED", { bytes: length });
      if (this.#pendingBytes < LENGTH_BYTES + length) break;
      this.#take(LENGTH_BYTES);
      frames.push(this.#take(length));
    }
    return frames;
  }

  #peekLength(): number {
    let length = 0;
    let seen = 0;
    for (const piece of this.#pending) {
      for (let i = 0; i < piece.length && seen < LENGTH_BYTES; i++, seen++) {
        length = length * 256 + (piece[i] as number);
      }
      if (seen === LENGTH_BYTES) break;
    }
    return length;
  }

  /** Removes exactly `length` bytes from the front; that many are there. */
  #take(length: number): Uint8Array {
    this.#pendingBytes -= length;
    const first = this.#pending[0];
    if (first !== undefined && first.length > length) {
      this.#pending[0] = first.subarray(length);
      return first.subarray(0, length);
    }
    const taken = new Uint8Array(length);
    let offset = 0;
    while (offset < length) {
      const piece = this.#pending[0] as Uint8Array; // counted in `#pendingBytes`
      const part = piece.subarray(0, length - offset);
      taken.set(part, offset);
      offset += part.length;
      if (part.length === piece.length) this.#pending.shift();
      else this.#pending[0] = piece.subarray(part.length);
    }
    return taken;
  }
}
