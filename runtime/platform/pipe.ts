/**
 * The byte pipe to the worker process: the enclave's only connection to anything.
 *
 * Frames made in one turn of the event loop leave in one write: waking the other process is what costs.
 *
 * @module
 */
import type { Readable, Writable } from "node:stream";
import { concat } from "#protocol/bytes.ts";
import { FrameReader, frameHeader } from "#protocol/frames.ts";

export class Pipe {
  readonly #output: Writable;
  #queued: Uint8Array[] = [];

  /** @param receive - Takes each frame; what it throws ends the process. */
  constructor(input: Readable, output: Writable, receive: (untrustedFrame: Uint8Array) => void) {
    this.#output = output;
    const reader = new FrameReader();
    input.on("data", (chunk: Uint8Array) => {
      for (const frame of reader.push(chunk)) receive(frame);
    });
  }

  send(bytes: Uint8Array): void {
    if (this.#queued.length === 0) setImmediate(() => this.#flush());
    this.#queued.push(frameHeader(bytes), bytes);
  }

  #flush(): void {
    const frames = this.#queued;
    this.#queued = [];
    this.#output.write(concat(frames));
  }
}
