/**
 * An enclave without cryptography, in this process: as strict about heights as the real one.
 *
 * An envelope that begins with `q` is answered at once, one that begins with `x` is rejected, all
 * others become log entries. Its state is the list of all entries; its replies repeat the entry.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { EnclaveToWorker, WorkerToEnclave } from "#protocol/messages.ts";
import type { EnclaveEvents, EnclaveLink } from "#worker/enclave/link.ts";
import { WorkerError } from "#worker/error.ts";

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");
const bytes = (value: string) => new Uint8Array(Buffer.from(value, "latin1"));

export function requestIdOf(envelope: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha256").update(envelope).digest());
}

export interface FakeOptions {
  /** Leaves a message unanswered, or ends the enclave in its middle. */
  readonly before?: (message: WorkerToEnclave, fake: FakeEnclave) => boolean;
}

export class FakeEnclave implements EnclaveLink {
  readonly pid = 1;
  readonly waitingBytes = 0;
  readonly received: WorkerToEnclave[] = [];
  entries: string[] = [];
  /** What the start gave back: heights of snapshot, deltas and entries. */
  restored = { snapshot: 0, deltas: 0, entries: 0 };
  readonly #events: EnclaveEvents;
  readonly #options: FakeOptions;
  #isOver = false;

  constructor(events: EnclaveEvents, options: FakeOptions = {}) {
    this.#events = events;
    this.#options = options;
  }

  send(message: WorkerToEnclave): void {
    this.received.push(message);
    setImmediate(() => {
      if (this.#isOver || this.#options.before?.(message, this) === true) return;
      this.#take(message);
    });
  }

  async drained(): Promise<void> {
    await Promise.resolve();
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.resolve();
  }

  /** Dies as a killed process does. */
  die(): void {
    this.#isOver = true;
    this.#events.lost(new WorkerError("ENCLAVE_EXITED", { subject: "SIGKILL" }));
  }

  say(message: EnclaveToWorker): void {
    this.#events.message(message);
  }

  #take(message: WorkerToEnclave): void {
    switch (message.type) {
      case "boot":
        if (message.sealedCluster !== undefined) return this.say({ type: "booted" });
        return this.say({ type: "booted", sealedCluster: bytes("cluster") });
      case "snapshot-piece":
        this.entries.push(...(JSON.parse(text(message.sealed)) as string[]));
        this.restored.snapshot = this.entries.length;
        return;
      case "delta":
        return this.#delta(JSON.parse(text(message.sealed)) as { first: number; own: string[] });
      case "restored":
        return this.#restored(message.part);
      case "entries":
      case "execute":
        return this.#execute(message.type, message.firstHeight, message.entries);
      case "request":
        return this.#request(message.id, message.envelope);
      case "info":
        return this.say({ type: "info", id: message.id, info: bytes("info") });
      case "snapshot":
        return this.#snapshot();
      case "snapshot-stored":
        return this.say({ type: "entry", entry: bytes(`checkpoint ${message.height}`) });
      case "tick":
        return this.say({ type: "tick", entry: bytes("tick") });
      case "egress":
      case "cancel":
        return;
    }
  }

  #delta({ first, own }: { first: number; own: string[] }): void {
    if (first !== this.entries.length + 1) return this.#refuse(502);
    this.entries.push(...own);
    this.restored.deltas++;
  }

  #restored(part: "snapshot" | "deltas" | "entries"): void {
    if (part === "deltas") {
      this.say({ type: "restoring", fromHeight: this.entries.length + 1 });
    } else if (part === "entries") {
      this.say({ type: "ready", height: this.entries.length, entry: bytes("boot") });
    }
  }

  #execute(type: "entries" | "execute", first: number, entries: readonly Uint8Array[]): void {
    if (first !== this.entries.length + 1) return this.#refuse(508);
    const own = entries.map(text);
    this.entries.push(...own);
    if (type === "entries") this.restored.entries += entries.length;
    this.say({
      type: "executed",
      height: this.entries.length,
      delta: bytes(JSON.stringify({ first, own })),
      replies: entries.map((entry, at) => {
        return { requestId: requestIdOf(entry), height: first + at, reply: entry };
      }),
      events: entries
        .filter((entry) => text(entry).startsWith("event"))
        .map((fields) => {
          return { contract: new Uint8Array(32), height: first, name: "Said", fields };
        }),
    });
  }

  #request(id: number, envelope: Uint8Array): void {
    const first = text(envelope)[0];
    if (first === "q") this.say({ type: "answered", id, reply: envelope });
    else if (first === "x") this.say({ type: "rejected", id, fault: 201, facts: { limit: 7 } });
    else this.say({ type: "admitted", id, requestId: requestIdOf(envelope), entry: envelope });
  }

  #snapshot(): void {
    const height = this.entries.length;
    const half = Math.ceil(height / 2);
    const pieces = [this.entries.slice(0, half), this.entries.slice(half)];
    for (const [index, piece] of pieces.entries()) {
      const sealed = bytes(JSON.stringify(piece));
      this.say({ type: "snapshot-piece", height, index, total: pieces.length, sealed });
    }
  }

  #refuse(fault: number): void {
    this.say({ type: "refused", fault, facts: {} });
  }
}
