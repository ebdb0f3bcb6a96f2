/**
 * The byte pipe between the world's operator and its enclave.
 *
 * Every message crosses it in its byte form, as between two processes, and is recorded on the way.
 *
 * @module
 */
import type { Enclave } from "#exec/enclave.ts";
import { encodeToWorker, parseToWorker } from "#protocol/enclave-to-worker.ts";
import type { EnclaveToWorker, WorkerToEnclave } from "#protocol/messages.ts";
import { encodeToEnclave, parseToEnclave } from "#protocol/worker-to-enclave.ts";
import type { Recording } from "#sdk/testing/operator/recording.ts";

/** Makes an enclave that sends to `send` and reports bugs to `abort`. */
export type MakeEnclave = (
  send: (message: EnclaveToWorker) => void,
  abort: (error: unknown) => void,
) => Enclave;

export class Pipe {
  readonly #recording: Recording;
  readonly #enclave: Enclave;
  #queue: WorkerToEnclave[] = [];
  #isBusy = false;
  #isClosed = false;

  constructor(
    make: MakeEnclave,
    recording: Recording,
    receive: (message: EnclaveToWorker) => void,
    abort: (error: unknown) => void,
  ) {
    this.#recording = recording;
    this.#enclave = make(
      (message) => {
        if (this.#isClosed) return;
        const bytes = encodeToWorker(message);
        recording.frames.push({ direction: "from-enclave", type: message.type, bytes });
        receive(parseToWorker(bytes));
      },
      (error) => {
        if (!this.#isClosed) abort(error);
      },
    );
  }

  /** Sends a message; it, and what follows from it at once, is handled before this returns. */
  send(message: WorkerToEnclave): void {
    this.#queue.push(message);
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
        const bytes = encodeToEnclave(next);
        this.#recording.frames.push({ direction: "to-enclave", type: next.type, bytes });
        this.#enclave.receive(parseToEnclave(bytes));
      }
    } finally {
      this.#isBusy = false;
    }
  }

  /** The enclave's process is gone: nothing that it still does is heard. */
  close(): void {
    this.#isClosed = true;
    this.#queue = [];
  }
}
