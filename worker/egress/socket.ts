/**
 * The worker process's end of one tunnel: a TCP socket and its two windows.
 *
 * What passes is TLS of a contract: bytes that this process cannot read. Sockets of slow servers
 * must not pile up memory here, so reading pauses when the enclave's window is used up.
 *
 * @module
 */
import { connect, type Socket } from "node:net";
import type { EgressFlow, EgressToEnclave } from "#protocol/egress.ts";
import { EGRESS_CHUNK_BYTES_MAX, EGRESS_WINDOW_BYTES } from "#protocol/limits.ts";

/** Bytes that were written are returned in lots of this size: a message for each would come between data. */
const CREDIT_BYTES_MIN = EGRESS_WINDOW_BYTES / 4;

export interface EgressSocketOptions {
  readonly id: number;
  readonly address: string;
  readonly port: number;
  readonly connectMs: number;
  readonly send: (message: EgressToEnclave) => void;
  /** The socket is gone; called once. */
  readonly closed: () => void;
}

export class EgressSocket {
  readonly #id: number;
  readonly #send: (message: EgressToEnclave) => void;
  readonly #socket: Socket;
  readonly #closed: () => void;
  #window = EGRESS_WINDOW_BYTES;
  #unreturned = 0;
  #gone = false;

  constructor({ id, address, port, connectMs, send, closed }: EgressSocketOptions) {
    this.#id = id;
    this.#send = send;
    this.#closed = closed;
    this.#socket = connect({ host: address, port, noDelay: true, allowHalfOpen: true });
    const timer = setTimeout(() => this.#fail(), connectMs);
    this.#socket.once("connect", () => {
      clearTimeout(timer);
      this.#tell({ kind: "egress-connected", id });
    });
    this.#socket.on("data", (bytes: Uint8Array) => this.#forward(bytes));
    this.#socket.once("end", () => this.#tell({ kind: "egress-end", id }));
    this.#socket.on("error", () => this.#fail());
    this.#socket.once("close", () => {
      clearTimeout(timer);
      this.#fail();
    });
  }

  /** Takes one message of the enclave about this tunnel. */
  receive(message: EgressFlow): void {
    switch (message.kind) {
      case "egress-data": {
        const { bytes } = message;
        this.#socket.write(bytes, (error) => {
          if (!error) this.#written(bytes.length);
        });
        return;
      }
      case "egress-credit":
        this.#window += message.count;
        if (this.#window > 0) this.#socket.resume();
        return;
      case "egress-end":
        this.#socket.end();
    }
  }

  #written(count: number): void {
    this.#unreturned += count;
    if (this.#unreturned < CREDIT_BYTES_MIN) return;
    this.#tell({ kind: "egress-credit", id: this.#id, count: this.#unreturned });
    this.#unreturned = 0;
  }

  /** Drops the socket without a word. */
  destroy(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#socket.destroy();
    this.#closed();
  }

  /** Sends what was read within the window, puts the rest back and pauses. */
  #forward(bytes: Uint8Array): void {
    const now = bytes.subarray(0, this.#window);
    for (let offset = 0; offset < now.length; offset += EGRESS_CHUNK_BYTES_MAX) {
      const chunk = now.slice(offset, offset + EGRESS_CHUNK_BYTES_MAX);
      this.#tell({ kind: "egress-data", id: this.#id, bytes: chunk });
    }
    this.#window -= now.length;
    if (this.#window > 0) return;
    this.#socket.pause();
    if (now.length < bytes.length) this.#socket.unshift(bytes.subarray(now.length));
  }

  #tell(message: EgressToEnclave): void {
    if (!this.#gone) this.#send(message);
  }

  #fail(): void {
    this.#tell({ kind: "egress-error", id: this.#id });
    this.destroy();
  }
}
