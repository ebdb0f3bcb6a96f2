/**
 * The enclave's own process, started as a worker starts it, with its pipe in the hands of a test: any bytes
 * may go in, and all that comes out must be messages.
 *
 * @module
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { concat } from "#protocol/bytes.ts";
import { parseToWorker } from "#protocol/enclave-to-worker.ts";
import { FrameReader, frameHeader } from "#protocol/frames.ts";
import type { EnclaveToWorker, WorkerToEnclave } from "#protocol/messages.ts";
import { encodeToEnclave } from "#protocol/worker-to-enclave.ts";
import { enclaveArguments } from "#worker/enclave/flags.ts";
import { findNode } from "#worker/enclave/node-binary.ts";

const BUNDLE = join(import.meta.dirname, "../../dist/enclave.mjs");

type Said<T extends EnclaveToWorker["type"]> = Extract<EnclaveToWorker, { readonly type: T }>;

export interface EndedEnclave {
  readonly status: number | null;
  readonly signal: string | null;
  /** What it printed on standard error. */
  readonly words: string;
  /** All that it said. */
  readonly messages: readonly EnclaveToWorker[];
}

/** A message as it goes through the pipe. */
export function framed(message: WorkerToEnclave): Uint8Array {
  const bytes = encodeToEnclave(message);
  return concat([frameHeader(bytes), bytes]);
}

export class RawEnclave {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #messages: EnclaveToWorker[] = [];
  /** How it ended; rejects if it said what is no message. */
  readonly ended: Promise<EndedEnclave>;
  #notify: () => void = () => undefined;

  constructor() {
    this.#child = spawn(findNode(), enclaveArguments(BUNDLE), {
      cwd: dirname(BUNDLE),
      env: {},
      stdio: "pipe",
    });
    const { stdin, stdout, stderr } = this.#child;
    stdin.on("error", () => undefined); // it ended before it had read all: its end says more
    let words = "";
    stderr.on("data", (chunk: Buffer) => (words += chunk.toString()));
    const reader = new FrameReader();
    this.ended = new Promise((resolve, reject) => {
      stdout.on("data", (chunk: Buffer) => {
        try {
          this.#messages.push(...reader.push(chunk).map(parseToWorker));
          this.#notify();
        } catch (cause) {
          reject(new Error("the enclave said what is no message", { cause }));
        }
      });
      this.#child.once("close", (status, signal) => {
        resolve({ status, signal, words, messages: this.#messages });
      });
    });
  }

  write(bytes: Uint8Array): void {
    this.#child.stdin.write(bytes);
  }

  /** Ends its input, after all that was written. @returns How it ended then. */
  async end(): Promise<EndedEnclave> {
    this.#child.stdin.end();
    return await this.ended;
  }

  /** The first message of a type that fits, once it has come. @throws if it ends without one. */
  async said<T extends EnclaveToWorker["type"]>(
    type: T,
    fits: (message: Said<T>) => boolean = () => true,
  ): Promise<Said<T>> {
    const isIt = (message: EnclaveToWorker): message is Said<T> =>
      message.type === type && fits(message as Said<T>); // by its type
    for (let isOver = false; ;) {
      const found = this.#messages.find(isIt);
      if (found !== undefined) return found;
      if (isOver) throw new Error(`the enclave ended without ${type}`);
      const more = new Promise<false>((resolve) => (this.#notify = () => resolve(false)));
      isOver = await Promise.race([more, this.ended.then(() => true)]);
    }
  }
}
