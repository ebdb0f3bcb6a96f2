/**
 * The byte pipe to the worker process: the enclave's only connection to anything.
 *
 * Frames made in one turn of the event loop leave in few writes: waking the other process is what costs. But
 * none waits for more than a few others, or the two processes would work one after the other.
 *
 * @module
 */
import type { Readable, Writable } from "node:stream";
import { concat } from "#protocol/bytes.ts";
import { FrameReader, frameHeader } from "#protocol/frames.ts";

/** Frames, and bytes of them, that leave in one write if they are there. */
const TOGETHER = 4;
const TOGETHER_BYTES = 4 * 1024;

export class Pipe {
  readonly #output: Writable;
  readonly #receive: (untrustedFrame: Uint8Array) => void;
  #arrived: Uint8Array[] = [];
  #isTaking = false;
  #queued: Uint8Array[] = [];
  #queuedBytes = 0;
  #isScheduled = false;

  /** @param receive - Takes each frame; what it throws ends the process. */
  constructor(input: Readable, output: Writable, receive: (untrustedFrame: Uint8Array) => void) {
    this.#output = output;
    this.#receive = receive;
    const reader = new FrameReader();
    input.on("data", (chunk: Uint8Array) => {
      this.#arrived.push(...reader.push(chunk));
      if (!this.#isTaking) void this.#take();
    });
  }

  send(bytes: Uint8Array): void {
    this.#queued.push(frameHeader(bytes), bytes);
    this.#queuedBytes += bytes.length;
    const isEnough = this.#queued.length >= 2 * TOGETHER || this.#queuedBytes >= TOGETHER_BYTES;
    if (isEnough) this.#flush();
    else if (!this.#isScheduled) {
      this.#isScheduled = true;
      setImmediate(() => {
        this.#isScheduled = false;
        this.#flush();
      });
    }
  }

  /** Takes frame after frame within one turn of the event loop, with what each of them sets off. */
  async #take(): Promise<void> {
    this.#isTaking = true;
    for (const frame of this.#arrived) {
      this.#receive(frame);
      await Promise.resolve();
    }
    this.#arrived = [];
    this.#isTaking = false;
  }

  #flush(): void {
    if (this.#queued.length === 0) return;
    const frames = this.#queued;
    this.#queued = [];
    this.#queuedBytes = 0;
    this.#output.write(concat(frames));
  }
}
