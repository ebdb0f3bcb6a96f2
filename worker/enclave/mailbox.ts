/**
 * Waiting for the messages that the start-up conversation is made of.
 *
 * @module
 */
import type { EnclaveToWorker } from "#protocol/messages.ts";
import { WorkerError } from "#worker/error.ts";

type Type = EnclaveToWorker["type"];
type MessageOf<T extends Type> = Extract<EnclaveToWorker, { type: T }>;

interface Waiter {
  readonly type: Type;
  readonly resolve: (message: EnclaveToWorker) => void;
  readonly reject: (error: WorkerError) => void;
}

export class Mailbox {
  #arrived: EnclaveToWorker[] = [];
  #waiter: Waiter | undefined;
  #failure: WorkerError | undefined;

  /** Takes a message of the conversation; one that nobody waits for yet is kept. */
  put(message: EnclaveToWorker): void {
    this.#arrived.push(message);
    this.#match();
  }

  /** Ends every wait, present and future. */
  fail(error: WorkerError): void {
    this.#failure ??= error;
    this.#match();
  }

  /**
   * The next message, which must be of this type.
   *
   * @param timeoutMs - Milliseconds to wait; none means as long as it takes.
   * @throws {@link WorkerError} `ENCLAVE_REFUSED`, `ENCLAVE_EXITED`, `ENCLAVE_PROTOCOL` or `ENCLAVE_START_TIMEOUT`.
   */
  async next<T extends Type>(type: T, timeoutMs?: number): Promise<MessageOf<T>> {
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => this.fail(new WorkerError("ENCLAVE_START_TIMEOUT")), timeoutMs);
    try {
      const message = await new Promise<EnclaveToWorker>((resolve, reject) => {
        this.#waiter = { type, resolve, reject };
        this.#match();
      });
      return message as MessageOf<T>; // `#match` compared the type
    } finally {
      clearTimeout(timer);
    }
  }

  #match(): void {
    const waiter = this.#waiter;
    if (waiter === undefined) return;
    const message = this.#arrived[0];
    if (message !== undefined && message.type === waiter.type) {
      this.#arrived.shift();
      this.#waiter = undefined;
      waiter.resolve(message);
    } else if (message !== undefined || this.#failure !== undefined) {
      this.#waiter = undefined;
      waiter.reject(this.#failure ?? new WorkerError("ENCLAVE_PROTOCOL"));
    }
  }
}
