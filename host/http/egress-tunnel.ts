/**
 * The enclave's end of one tunnel: windows in both directions and the life of the connection.
 *
 * The worker process may send too much, too early, after the end or never: received bytes are
 * counted against the window before they are kept, and a tunnel that breaks a rule is closed.
 *
 * @module
 */
import type { EgressFromEnclave, EgressToEnclave } from "#protocol/egress.ts";
import { EGRESS_CHUNK_BYTES_MAX, EGRESS_WINDOW_BYTES } from "#protocol/limits.ts";
import type { Tunnel, TunnelEvents } from "./tunnel.ts";

/** Used-up bytes are returned in lots of this size, so that credits do not outnumber data. */
const CREDIT_BYTES_MIN = EGRESS_WINDOW_BYTES / 4;

export class EgressTunnel implements Tunnel {
  readonly opened: Promise<boolean>;
  readonly #id: number;
  readonly #send: (message: EgressFromEnclave) => void;
  readonly #closed: () => void;
  #open!: (value: boolean) => void;
  #state: "opening" | "open" | "closed" = "opening";
  #sendWindow = EGRESS_WINDOW_BYTES;
  #receiveWindow = EGRESS_WINDOW_BYTES;
  #unreturned = 0;
  #wake: (() => void) | undefined;
  #events: TunnelEvents | undefined;
  #early: Uint8Array[] = [];
  #finish: "end" | "failed" | undefined;

  constructor(id: number, send: (message: EgressFromEnclave) => void, closed: () => void) {
    this.#id = id;
    this.#send = send;
    this.#closed = closed;
    this.opened = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  listen(events: TunnelEvents): void {
    this.#events = events;
    for (const bytes of this.#early.splice(0)) events.data(bytes);
    if (this.#finish !== undefined) events[this.#finish]();
  }

  async write(bytes: Uint8Array): Promise<boolean> {
    let offset = 0;
    while (this.#state === "open" && offset < bytes.length) {
      const count = Math.min(this.#sendWindow, EGRESS_CHUNK_BYTES_MAX, bytes.length - offset);
      if (count === 0) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      this.#sendWindow -= count;
      this.#send({ kind: "egress-data", id: this.#id, bytes: bytes.slice(offset, offset + count) });
      offset += count;
    }
    return this.#state === "open";
  }

  consumed(count: number): void {
    if (this.#state !== "open") return;
    this.#unreturned += count;
    if (this.#unreturned < CREDIT_BYTES_MIN) return;
    this.#receiveWindow += this.#unreturned;
    this.#send({ kind: "egress-credit", id: this.#id, count: this.#unreturned });
    this.#unreturned = 0;
  }

  end(): void {
    if (this.#state === "open") this.#send({ kind: "egress-end", id: this.#id });
  }

  destroy(): void {
    this.#finish ??= "failed";
    this.#close();
  }

  /** Takes one message of the worker process about this tunnel. */
  receive(message: EgressToEnclave): void {
    switch (message.kind) {
      case "egress-connected":
        if (this.#state !== "opening") return this.#fail();
        this.#state = "open";
        return this.#open(true);
      case "egress-data":
        return this.#data(message.bytes);
      case "egress-credit":
        this.#sendWindow = Math.min(this.#sendWindow + message.count, EGRESS_WINDOW_BYTES);
        return this.#wakeWriter();
      case "egress-end":
        if (this.#state !== "open" || this.#finish !== undefined) return this.#fail();
        this.#finish = "end";
        return this.#events?.end();
      case "egress-error":
      case "egress-resolved":
        return this.#fail();
    }
  }

  #data(bytes: Uint8Array): void {
    const allowed = this.#state === "open" && this.#finish === undefined;
    if (!allowed || bytes.length > this.#receiveWindow) return this.#fail();
    this.#receiveWindow -= bytes.length;
    if (this.#events === undefined) this.#early.push(bytes);
    else this.#events.data(bytes);
  }

  #fail(): void {
    if (this.#state === "closed") return;
    const told = this.#finish !== undefined;
    this.#finish ??= "failed";
    this.#close();
    if (!told) this.#events?.failed();
  }

  #close(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#open(false);
    this.#send({ kind: "egress-close", id: this.#id });
    this.#closed();
    this.#wakeWriter();
  }

  #wakeWriter(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}
