/**
 * The pipe to the enclave's process: spawns it, sends and receives whole messages, sees it die.
 *
 * The enclave ends by itself when its standard input does, so a worker process that is killed leaves
 * no orphan. What it prints on standard error, at most where in its bundle it stopped, becomes the
 * reason of the error that reports its end.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { dirname } from "node:path";
import { parseToWorker } from "#protocol/enclave-to-worker.ts";
import { FrameReader, frameHeader } from "#protocol/frames.ts";
import type { EnclaveToWorker, WorkerToEnclave } from "#protocol/messages.ts";
import { encodeToEnclave } from "#protocol/worker-to-enclave.ts";
import { enclaveArguments } from "#worker/enclave/flags.ts";
import { findNode } from "#worker/enclave/node-binary.ts";
import { WorkerError } from "#worker/error.ts";

/** Milliseconds the enclave gets to end by itself. */
const END_TIMEOUT_MS = 2_000;
/** Characters kept of what it says on standard error. */
const LAST_WORDS_MAX = 4_096;
/** Frames up to this size are copied together, which costs less than one write each. */
const COALESCE_BYTES_MAX = 64 * 1024;

export interface EnclaveEvents {
  readonly message: (message: EnclaveToWorker) => void;
  /** The process ended, or said something that is no message. Called once, not after `stop`. */
  readonly lost: (error: WorkerError) => void;
}

export interface EnclaveLink {
  readonly pid: number;
  /** Bytes given to `send` that the pipe has not taken yet. */
  readonly waitingBytes: number;
  send(message: WorkerToEnclave): void;
  /** Resolves once the pipe has taken nearly all that was sent. */
  drained(): Promise<void>;
  /** Ends the process; returns when it is gone. */
  stop(): Promise<void>;
}

export type OpenEnclave = (events: EnclaveEvents) => EnclaveLink;

/**
 * Starts an enclave from its bundle.
 *
 * @throws {@link WorkerError} `ENCLAVE_BUNDLE_MISSING` if the file cannot be read.
 * @throws {@link WorkerError} `ENCLAVE_NODE_MISSING` if no Node is new enough.
 */
export function openEnclave(bundle: string, events: EnclaveEvents): EnclaveLink {
  try {
    accessSync(bundle, constants.R_OK);
  } catch (error) {
    throw new WorkerError("ENCLAVE_BUNDLE_MISSING", { subject: bundle, cause: error });
  }
  const child = spawn(findNode(), enclaveArguments(bundle), {
    cwd: dirname(bundle),
    env: {},
    stdio: ["pipe", "pipe", "pipe"],
  });
  return new PipeLink(child, events);
}

class PipeLink implements EnclaveLink {
  readonly #child: ChildProcess & { stdin: NonNullable<ChildProcess["stdin"]> };
  readonly #events: EnclaveEvents;
  readonly #exited: Promise<void>;
  #outgoing: Uint8Array[] = [];
  #outgoingBytes = 0;
  #flushing = false;
  #isOver = false;

  constructor(child: ChildProcess, events: EnclaveEvents) {
    this.#child = child as ChildProcess & { stdin: NonNullable<ChildProcess["stdin"]> }; // stdio is "pipe"
    this.#events = events;
    this.#exited = new Promise((resolve) => child.once("close", () => resolve()));
    child.once("error", (error) => {
      this.#lose(new WorkerError("ENCLAVE_EXITED", { subject: error.message, cause: error }));
    });
    let words = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      words = `${words}${chunk.toString("latin1")}`.slice(0, LAST_WORDS_MAX);
    });
    // Its last words have arrived when it is closed, not yet when it has exited.
    child.once("close", (status, signal) => {
      const subject = `${signal ?? `status ${status ?? 0}`} ${words}`.trim();
      this.#lose(new WorkerError("ENCLAVE_EXITED", { subject, facts: { status: status ?? 0 } }));
    });
    // A write into a dead process: its exit says more.
    this.#child.stdin.on("error", () => undefined);
    const reader = new FrameReader();
    child.stdout?.on("data", (chunk: Buffer) => this.#receive(reader, chunk));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get waitingBytes(): number {
    return this.#outgoingBytes + this.#child.stdin.writableLength;
  }

  send(message: WorkerToEnclave): void {
    if (this.#isOver) return;
    const bytes = encodeToEnclave(message);
    this.#outgoing.push(frameHeader(bytes), bytes);
    this.#outgoingBytes += 4 + bytes.length;
    if (this.#flushing) return;
    this.#flushing = true;
    // After all sockets that are readable now: their requests leave in one write.
    setImmediate(() => this.#flush());
  }

  async drained(): Promise<void> {
    if (this.#flushing) this.#flush();
    const { stdin } = this.#child;
    if (!stdin.writableNeedDrain || this.#isOver) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        stdin.off("drain", done);
        stdin.off("close", done);
        resolve();
      };
      stdin.on("drain", done);
      stdin.on("close", done);
    });
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), END_TIMEOUT_MS);
    if (this.#child.pid !== undefined) await this.#exited;
    clearTimeout(timer);
  }

  #flush(): void {
    if (!this.#flushing) return;
    this.#flushing = false;
    const pieces = this.#outgoing;
    const bytes = this.#outgoingBytes;
    this.#outgoing = [];
    this.#outgoingBytes = 0;
    const { stdin } = this.#child;
    if (!stdin.writable) return;
    if (bytes <= COALESCE_BYTES_MAX) {
      stdin.write(Buffer.concat(pieces, bytes));
      return;
    }
    stdin.cork();
    for (const piece of pieces) stdin.write(piece);
    stdin.uncork();
  }

  #receive(reader: FrameReader, chunk: Buffer): void {
    if (this.#isOver) return;
    try {
      for (const frame of reader.push(chunk)) this.#events.message(parseToWorker(frame));
    } catch (error) {
      this.#child.kill("SIGKILL");
      const expected = error instanceof WorkerError;
      this.#lose(expected ? error : new WorkerError("ENCLAVE_PROTOCOL", { cause: error }));
    }
  }

  #lose(error: WorkerError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#events.lost(error);
  }
}
