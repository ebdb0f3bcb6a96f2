/**
 * Who waits for what: requests that are with the enclave, and commands on their way through the log.
 *
 * Every wait ends: with an answer, a fault, or at its deadline.
 *
 * @module
 */
import type { Facts } from "#protocol/fault.ts";
import type { ExecutedReply } from "#protocol/messages.ts";
import { Gathering } from "#worker/enclave/gathering.ts";
import { requestKey } from "#worker/request-key.ts";

export type Answer =
  | { readonly kind: "sealed"; readonly bytes: Uint8Array }
  /** A fault number of the enclave, or 4xxx of the worker process. */
  | { readonly kind: "refused"; readonly number: number; readonly facts: Facts };

export type Respond = (answer: Answer) => void;

interface Waiting {
  readonly respond: Respond;
  readonly deadlineMs: number;
  /** Whether it may become a log entry. */
  readonly mayCommit: boolean;
}

export class Requests {
  readonly #timeoutMs: number;
  readonly #abandon: (id: number) => void;
  /** Those of them that may become log entries. */
  readonly gathering: Gathering = new Gathering();
  #nextId = 1;
  /** Sent to the enclave, not yet answered; oldest first. */
  readonly #byId = new Map<number, Waiting>();
  /** Admitted, to be answered when their entry is committed; oldest first. */
  readonly #byRequest = new Map<string, Waiting[]>();

  /** @param abandon - Told of requests that were not to be committed, once nobody waits for them. */
  constructor(timeoutMs: number, abandon: (id: number) => void = () => undefined) {
    this.#timeoutMs = timeoutMs;
    this.#abandon = abandon;
  }

  get size(): number {
    return this.#byId.size + this.#byRequest.size;
  }

  /**
   * @param mayCommit - Whether it may become a log entry.
   * @returns The id to send to the enclave.
   */
  add(respond: Respond, mayCommit: boolean): number {
    const id = this.#nextId++;
    if (mayCommit) this.gathering.begin(id);
    this.#byId.set(id, { respond, mayCommit, deadlineMs: performance.now() + this.#timeoutMs });
    return id;
  }

  /** Whoever asked has left. The request stays under way, at its sender's expense, until the enclave has ended it. */
  leave(id: number): void {
    if (this.#byId.get(id)?.mayCommit === false) this.#abandon(id);
  }

  /** An answer to the request itself: a query's reply, a refusal, or the worker's information. */
  settle(id: number, answer: Answer): void {
    this.gathering.end(id);
    const waiting = this.#byId.get(id);
    if (waiting === undefined) return;
    this.#byId.delete(id);
    waiting.respond(answer);
  }

  /** The request becomes a log entry; its answer comes when that is committed. */
  admitted(id: number, requestId: Uint8Array): void {
    this.gathering.end(id);
    const waiting = this.#byId.get(id);
    this.#byId.delete(id);
    const key = requestKey(requestId);
    const others = this.#byRequest.get(key) ?? [];
    this.#byRequest.set(key, waiting === undefined ? others : [...others, waiting]);
  }

  /** Waits for a command that is on its way. @returns False when none has that id. */
  join(requestId: Uint8Array, respond: Respond): boolean {
    const waiting = this.#byRequest.get(requestKey(requestId));
    const deadlineMs = performance.now() + this.#timeoutMs;
    waiting?.push({ respond, mayCommit: true, deadlineMs });
    return waiting !== undefined;
  }

  committed(replies: readonly ExecutedReply[]): void {
    for (const { requestId, reply } of replies) {
      const key = requestKey(requestId);
      const waiting = this.#byRequest.get(key);
      if (waiting === undefined) continue;
      this.#byRequest.delete(key);
      for (const { respond } of waiting) respond({ kind: "sealed", bytes: reply });
    }
  }

  /** Refuses whoever has waited too long. */
  expire(number: number): void {
    const nowMs = performance.now();
    const refusal = { kind: "refused", number, facts: {} } as const;
    for (const [id, waiting] of this.#byId) {
      if (waiting.deadlineMs > nowMs) break;
      this.leave(id);
      this.settle(id, refusal);
    }
    for (const [key, waiting] of this.#byRequest) {
      const late = waiting.filter(({ deadlineMs }) => deadlineMs <= nowMs);
      if (late.length === 0) continue;
      // The command itself stays on its way: its receipt will say how it ended.
      this.#byRequest.set(
        key,
        waiting.filter(({ deadlineMs }) => deadlineMs > nowMs),
      );
      for (const { respond } of late) respond(refusal);
    }
  }

  /** Refuses everybody. */
  refuseAll(number: number): void {
    const refusal = { kind: "refused", number, facts: {} } as const;
    for (const id of [...this.#byId.keys()]) this.settle(id, refusal);
    const waiting = [...this.#byRequest.values()].flat();
    this.#byRequest.clear();
    for (const { respond } of waiting) respond(refusal);
  }
}
