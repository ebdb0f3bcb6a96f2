/**
 * An operator in memory: everything the worker process keeps and sends, open to be tampered with.
 *
 * It feeds one enclave at a time with what it kept. Every message passes its byte form in both
 * directions, so a test sees exactly what a pipe would carry.
 *
 * @module
 */
import { randomFillSync } from "node:crypto";
import { createSimulatedTee } from "#attest/simulated.ts";
import type { Entropy } from "#crypto/primitives.ts";
import { Enclave } from "#exec/enclave.ts";
import type { HttpCapability } from "#exec/powers.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import { encodeToWorker, parseToWorker } from "#protocol/enclave-to-worker.ts";
import { toHex } from "#protocol/bytes.ts";
import type { Facts } from "#protocol/fault.ts";
import type { FaultCode } from "#protocol/faults.ts";
import { parseInfo, type ClusterConfig, type WorkerInfo } from "#protocol/info.ts";
import type {
  EnclaveToWorker,
  EnclaveToWorkerExecuted,
  WorkerToEnclave,
} from "#protocol/messages.ts";
import { faultCode } from "#protocol/reply.ts";
import { encodeToEnclave, parseToEnclave } from "#protocol/worker-to-enclave.ts";

export const MEASUREMENT: Uint8Array = new Uint8Array(32).fill(0x3e);
export const START_MS = Date.UTC(2026, 0, 1);
const CONFIG: ClusterConfig = { egressGrants: [], extraRoots: [], memoryPagesMax: 256 };

/** The enclave would not start, or stopped serving. */
export class Refusal extends Error {
  readonly code: FaultCode;
  readonly facts: Facts;

  constructor(number: number, facts: Facts) {
    super(faultCode(number));
    this.code = faultCode(number);
    this.facts = facts;
  }
}

export interface KeptDelta {
  readonly firstHeight: number;
  readonly lastHeight: number;
  readonly sealed: Uint8Array;
}

/** All that lies on the operator's disk. */
export interface Disk {
  cluster: Uint8Array | undefined;
  /** Entry `i` stands at height `i + 1`. */
  log: Uint8Array[];
  deltas: KeptDelta[];
  snapshot: { readonly height: number; readonly pieces: readonly Uint8Array[] };
}

export interface OperatorOptions {
  readonly entropy?: Entropy;
  readonly http?: HttpCapability;
  readonly config?: ClusterConfig;
  readonly hardwareSecret?: Uint8Array;
  readonly disk?: Disk;
  /** Of the enclave's code. */
  readonly measurement?: Uint8Array;
}

export type Decision =
  | { readonly kind: "rejected"; readonly code: FaultCode; readonly facts: Facts }
  | { readonly kind: "answered"; readonly reply: Uint8Array }
  | { readonly kind: "admitted"; readonly requestId: Uint8Array; readonly entry: Uint8Array };

const noHttp: HttpCapability = {
  live: () => ({
    kind: "live",
    fetch: (requests) => Promise.resolve(requests.map(() => ({ error: "denied" as const }))),
  }),
  receive: () => undefined,
};

export function systemEntropy(length: number): Uint8Array {
  return randomFillSync(new Uint8Array(length));
}

/** Turns of the event loop that a command may take: more than all its gas. */
const TURNS_MAX = 100_000;
/** Turns after which the enclave decides nothing more by itself: it needs a handful. */
const ANEW_TURNS = 1_000;

export class Operator {
  readonly disk: Disk;
  /** The operator's clock, which the enclave has to live with. */
  clockMs = START_MS;
  /** Every message of every enclave, in order, as bytes. */
  readonly frames: Uint8Array[] = [];
  readonly replies = new Map<string, Uint8Array>();
  readonly events: EnclaveToWorkerExecuted["events"][number][] = [];
  /** What the enclave ended itself with, if it did. */
  aborted: unknown;
  readonly #options: OperatorOptions;
  #enclave: Enclave | undefined;
  #inbox: EnclaveToWorker[] = [];
  #waiting = new Map<number, (decision: Decision) => void>();
  #nextId = 1;
  /** What the enclave has decided again, unasked. */
  #anew: Decision[] = [];

  constructor(options: OperatorOptions = {}) {
    this.#options = options;
    const fresh: Disk = { cluster: undefined, log: [], deltas: [], snapshot: noSnapshot() };
    this.disk = options.disk ?? fresh;
  }

  get height(): number {
    return this.disk.log.length;
  }

  /** A new enclave process that has been told nothing yet. */
  spawn(): void {
    const { entropy = systemEntropy, http = noHttp, measurement = MEASUREMENT } = this.#options;
    this.#inbox = [];
    this.#waiting = new Map();
    this.#enclave = new Enclave({
      primitives: nodePrimitives,
      entropy,
      untrustedClockMs: () => this.clockMs,
      nextTurn: () => new Promise((resolve) => void setImmediate(resolve)),
      tee: createSimulatedTee(nodePrimitives, measurement),
      http: () => http,
      send: (message) => this.#receive(encodeToWorker(message)),
      abort: (error) => (this.aborted = error),
    });
  }

  /** Sends one message and returns what came back before the enclave was done with it. */
  send(message: WorkerToEnclave): EnclaveToWorker[] {
    if (this.#enclave === undefined) throw new Error("no enclave was started");
    this.#inbox = [];
    this.#enclave.receive(parseToEnclave(encodeToEnclave(message)));
    return this.#inbox;
  }

  /** {@link send}, for a test to which a refusal is the end. @throws {@link Refusal} */
  tell(message: WorkerToEnclave): EnclaveToWorker[] {
    const answers = this.send(message);
    for (const answer of answers) {
      if (answer.type === "refused") throw new Refusal(answer.fault, answer.facts);
    }
    return answers;
  }

  bootMessage(rebuild = false): Extract<WorkerToEnclave, { type: "boot" }> {
    const { config = CONFIG, hardwareSecret = new Uint8Array(32).fill(7) } = this.#options;
    const logHeight = this.height;
    const boot = { type: "boot", hardwareSecret, config, logHeight, rebuild } as const;
    const { cluster } = this.disk;
    return cluster === undefined ? boot : { ...boot, sealedCluster: cluster };
  }

  /** Starts an enclave on what is kept, up to `ready`; its boot entry is returned, not appended. */
  restore({ rebuild = false } = {}): Uint8Array {
    this.spawn();
    this.tell(this.bootMessage(rebuild));
    const { snapshot, deltas } = this.disk;
    if (!rebuild) {
      for (const sealed of snapshot.pieces) this.tell({ type: "snapshot-piece", sealed });
    }
    this.tell({ type: "restored", part: "snapshot" });
    if (!rebuild) {
      for (const { firstHeight, sealed } of deltas) {
        if (firstHeight > snapshot.height) this.tell({ type: "delta", sealed });
      }
    }
    const restoring = this.#one("restoring", this.tell({ type: "restored", part: "deltas" }));
    const firstHeight = restoring.fromHeight;
    this.tell({ type: "entries", firstHeight, entries: this.disk.log.slice(firstHeight - 1) });
    return this.#one("ready", this.tell({ type: "restored", part: "entries" })).entry;
  }

  /** Starts an enclave and lets it serve. @throws {@link Refusal} if it will not. */
  start(options: { rebuild?: boolean } = {}): this {
    this.append(this.restore(options));
    return this;
  }

  /** Puts entries into the log and has them executed. */
  append(...entries: readonly Uint8Array[]): void {
    const firstHeight = this.height + 1;
    this.disk.log.push(...entries);
    this.tell({ type: "execute", firstHeight, entries });
  }

  /** Waits until all of the log is executed: what takes long takes many turns. */
  async executed(): Promise<void> {
    for (let turn = 0; turn < TURNS_MAX; turn++) {
      const { deltas, snapshot, log } = this.disk;
      if ((deltas.at(-1)?.lastHeight ?? snapshot.height) >= log.length) return;
      await new Promise((resolve) => void setImmediate(resolve));
    }
    throw new Error("the log is not executed");
  }

  /** Hands an envelope in; a request that waits for HTTP is decided later. */
  request(envelope: Uint8Array): Promise<Decision> {
    const id = this.#nextId++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.tell({ type: "request", id, envelope });
    });
  }

  /** Says that nobody waits for the request that was handed in last. */
  cancel(): void {
    this.tell({ type: "cancel", id: this.#nextId - 1 });
  }

  /** {@link request}, then into the log if it may; ends with a sealed reply or a fault in the clear. */
  async submit(envelope: Uint8Array): Promise<Decision> {
    const decision = await this.request(envelope);
    if (decision.kind !== "admitted") return decision;
    this.append(decision.entry);
    const reply = await this.reply(decision.requestId);
    return { kind: "answered", reply };
  }

  /** The reply to a command that is being executed; a long one takes many turns. */
  async reply(requestId: Uint8Array): Promise<Uint8Array> {
    for (let turn = 0; turn < TURNS_MAX; turn++) {
      const reply = this.replies.get(toHex(requestId));
      if (reply !== undefined) return reply;
      await new Promise((resolve) => void setImmediate(resolve));
    }
    throw new Error("an executed command has no reply");
  }

  /** What the enclave decides again of a command that it tries anew, or nothing if it does not. */
  async anew(): Promise<Decision | undefined> {
    for (let turn = 0; turn < ANEW_TURNS && this.#anew.length === 0; turn++) {
      await new Promise((resolve) => void setImmediate(resolve));
    }
    return this.#anew.shift();
  }

  info(): WorkerInfo {
    return parseInfo(this.#one("info", this.tell({ type: "info", id: 0 })).info);
  }

  /** Lets a height pass. @returns Whether the enclave gave an entry for it. */
  tick(always = true): boolean {
    const [answer] = this.tell({ type: "tick", always });
    if (answer?.type !== "tick") return false;
    this.append(answer.entry);
    return true;
  }

  /** Makes, keeps and announces a snapshot. */
  takeSnapshot(): void {
    this.disk.snapshot = this.makeSnapshot();
    const stored = { type: "snapshot-stored", height: this.disk.snapshot.height } as const;
    this.append(this.#one("entry", this.tell(stored)).entry);
  }

  /** The snapshot that comes once the enclave has made a height that it was in the middle of. */
  async snapshotMade(): Promise<Disk["snapshot"]> {
    for (let turn = 0; turn < TURNS_MAX; turn++) {
      const pieces = this.#inbox.filter((message) => message.type === "snapshot-piece");
      const [first] = pieces;
      if (first !== undefined) {
        return { height: first.height, pieces: pieces.map(({ sealed }) => sealed) };
      }
      await new Promise((resolve) => void setImmediate(resolve));
    }
    throw new Error("there is no snapshot");
  }

  makeSnapshot(): Disk["snapshot"] {
    const pieces = this.tell({ type: "snapshot" }).filter(
      (piece) => piece.type === "snapshot-piece",
    );
    return { height: this.height, pieces: pieces.map(({ sealed }) => sealed) };
  }

  /** A copy of the disk as it is now: what an operator keeps who means to turn back time. */
  copyDisk(): Disk {
    const { cluster, log, deltas, snapshot } = this.disk;
    return { cluster, log: [...log], deltas: [...deltas], snapshot };
  }

  #receive(frame: Uint8Array): void {
    this.frames.push(frame);
    const message = parseToWorker(frame);
    this.#inbox.push(message);
    switch (message.type) {
      case "booted":
        this.disk.cluster = message.sealedCluster ?? this.disk.cluster;
        return;
      case "executed":
        this.#executed(message);
        return;
      case "admitted":
        this.#decide(message.id, { ...message, kind: "admitted" });
        return;
      case "answered":
        this.#decide(message.id, { ...message, kind: "answered" });
        return;
      case "rejected": {
        const code = faultCode(message.fault);
        this.#decide(message.id, { kind: "rejected", code, facts: message.facts });
        return;
      }
      default:
        return;
    }
  }

  #executed({ height, delta, replies, events }: EnclaveToWorkerExecuted): void {
    const lastHeight = this.disk.deltas.at(-1)?.lastHeight ?? this.disk.snapshot.height;
    this.disk.deltas.push({ firstHeight: lastHeight + 1, lastHeight: height, sealed: delta });
    for (const { requestId, reply } of replies) this.replies.set(toHex(requestId), reply);
    this.events.push(...events);
  }

  #decide(id: number, decision: Decision): void {
    const resolve = this.#waiting.get(id);
    if (resolve === undefined) this.#anew.push(decision);
    resolve?.(decision);
    this.#waiting.delete(id);
  }

  #one<T extends EnclaveToWorker["type"]>(
    type: T,
    answers: readonly EnclaveToWorker[],
  ): Extract<EnclaveToWorker, { type: T }> {
    const found = answers.find((answer) => answer.type === type);
    if (found === undefined) throw new Error(`the enclave did not answer with ${type}`);
    return found as Extract<EnclaveToWorker, { type: T }>; // found by its type
  }
}

function noSnapshot(): Disk["snapshot"] {
  return { height: 0, pieces: [] };
}
