/**
 * The untrusted side of the world: a worker process in memory.
 *
 * It holds the worker's conversation with the enclave: start, recovery, requests, log, snapshots. A
 * test plays the operator through it, and sees what an operator would see.
 *
 * @module
 */
import type { ClearFault } from "#protocol/api.ts";
import { toHex } from "#protocol/bytes.ts";
import type { ClusterConfig } from "#protocol/info.ts";
import type {
  EnclaveToWorker,
  EnclaveToWorkerAdmitted,
  EnclaveToWorkerExecuted,
  EnclaveToWorkerSnapshotPiece,
} from "#protocol/messages.ts";
import { faultCode } from "#protocol/reply.ts";
import { kitError } from "#sdk/testing/errors/kit-error.ts";
import type { Disk } from "#sdk/testing/operator/disk.ts";
import { Pipe, type MakeEnclave } from "#sdk/testing/operator/pipe.ts";
import { Recording } from "#sdk/testing/operator/recording.ts";

/** How a request ended: sealed, refused in the clear, or failed by the kit. */
export type Answer =
  | { readonly kind: "sealed"; readonly bytes: Uint8Array }
  | { readonly kind: "clear"; readonly fault: ClearFault }
  | { readonly kind: "failed"; readonly error: Error };

type Settle = (answer: Answer) => void;

export class Operator {
  readonly recording = new Recording();
  readonly #make: MakeEnclave;
  readonly #config: ClusterConfig;
  #disk: Disk;
  #pipe: Pipe;
  #stopped: Error | undefined;
  #isReady = false;
  #nextId = 1;
  readonly #waiting = new Map<number, Settle>();
  /** Of commands that are in the log, by request id in hexadecimal. */
  readonly #executing = new Map<string, Settle>();
  readonly #replies = new Map<string, Uint8Array>();
  /** Heights up to which entries were given to the enclave, and executed by it. */
  #sentHeight = 0;
  #executedHeight = 0;
  #infoBytes = new Uint8Array(0);
  #pieces: Uint8Array[] = [];

  /** @throws {@link HermeticError} `ENCLAVE_STOPPED` if the enclave refuses to start. */
  constructor(make: MakeEnclave, config: ClusterConfig, disk: Disk) {
    this.#make = make;
    this.#config = config;
    this.#disk = disk;
    this.#pipe = this.#start(false);
  }

  get disk(): Disk {
    return this.#disk;
  }

  /** The request that was handed to the enclave last. */
  get lastRequest(): number {
    return this.#nextId - 1;
  }

  /**
   * Ends the enclave and starts a new one on what is stored. Calls that were waiting fail.
   *
   * @param rebuild - Replay the whole log instead of taking snapshot and deltas.
   * @throws {@link HermeticError} `ENCLAVE_STOPPED` if the new enclave refuses to start.
   */
  restart(disk: Disk = this.#disk, rebuild = false): void {
    this.#pipe.close();
    const error = kitError("CALL_ABANDONED", `${this.#waiting.size} calls were waiting`);
    for (const settle of [...this.#waiting.values(), ...this.#executing.values()]) {
      settle({ kind: "failed", error });
    }
    this.#waiting.clear();
    this.#executing.clear();
    this.#disk = disk;
    this.#pipe = this.#start(rebuild);
  }

  #start(rebuild: boolean): Pipe {
    this.#stopped = undefined;
    this.#isReady = false;
    if (rebuild) {
      this.#disk.snapshot = undefined;
      this.#disk.deltas = [];
    }
    const pipe: Pipe = new Pipe(
      this.#make,
      this.recording,
      (message) => this.#receive(pipe, message),
      (error) => this.#stop(error),
    );
    const { hardwareSecret, sealedCluster } = this.#disk;
    const cluster = sealedCluster === undefined ? {} : { sealedCluster };
    const logHeight = this.#disk.log.length;
    const config = this.#config;
    pipe.send({ type: "boot", hardwareSecret, ...cluster, config, logHeight, rebuild });
    if (!this.#isReady) throw this.#failure ?? kitError("ENCLAVE_STOPPED", "it is not ready");
    return pipe;
  }

  /** Read behind the compiler's back: it believes that what was assigned last still holds. */
  get #failure(): Error | undefined {
    return this.#stopped;
  }

  /** Hands an envelope to the enclave; a command's answer comes when it has been executed. */
  request(envelope: Uint8Array): Promise<Answer> {
    if (this.#stopped !== undefined) {
      return Promise.resolve({ kind: "failed", error: this.#stopped });
    }
    return new Promise((resolve) => {
      const id = this.#nextId++;
      this.#waiting.set(id, resolve);
      this.#pipe.send({ type: "request", id, envelope });
    });
  }

  /** Ends a request without the enclave: whatever it still says about it is dropped. */
  fail(id: number, error: Error): void {
    this.#take(id)?.({ kind: "failed", error });
  }

  /** The sealed reply to an executed command, if there is one. @param requestId - In hexadecimal. */
  receipt(requestId: string): Uint8Array | undefined {
    return this.#replies.get(requestId);
  }

  info(): Uint8Array {
    this.#pipe.send({ type: "info", id: this.#nextId++ });
    return this.#infoBytes;
  }

  /** Lets the enclave seal a snapshot, and its checkpoint into the log. */
  checkpoint(): void {
    this.#pieces = [];
    this.#pipe.send({ type: "snapshot" });
  }

  /** Lets a height pass in which nothing else happens. */
  tick(): void {
    this.#pipe.send({ type: "tick", always: true });
  }

  #stop(cause: unknown): void {
    const error = kitError("ENCLAVE_STOPPED", String(cause), cause);
    this.#stopped = error;
    for (const settle of this.#waiting.values()) settle({ kind: "failed", error });
    this.#waiting.clear();
  }

  #take(id: number): Settle | undefined {
    const settle = this.#waiting.get(id);
    this.#waiting.delete(id);
    return settle;
  }

  #receive(pipe: Pipe, message: EnclaveToWorker): void {
    switch (message.type) {
      case "booted":
        this.#disk.sealedCluster ??= message.sealedCluster;
        return this.#sendState(pipe);
      case "restoring":
        return this.#sendLog(pipe, message.fromHeight);
      case "tick":
        return this.#append(pipe, message.entry);
      case "ready":
        this.#isReady = true;
        this.#sentHeight = this.#disk.log.length;
        this.#executedHeight = this.#sentHeight;
        return this.#append(pipe, message.entry);
      case "entry":
        return this.#append(pipe, message.entry);
      case "refused":
        return this.#stop(`it refused with ${faultCode(message.fault)}`);
      case "admitted":
        return this.#admitted(pipe, message);
      case "answered":
        return this.#take(message.id)?.({ kind: "sealed", bytes: message.reply });
      case "rejected": {
        const { id, fault, facts } = message;
        return this.#take(id)?.({ kind: "clear", fault: { number: fault, facts } });
      }
      case "executed":
        return this.#executed(pipe, message);
      case "snapshot-piece":
        return this.#snapshotPiece(pipe, message);
      case "info":
        this.#infoBytes = new Uint8Array(message.info);
        return;
      case "egress":
        return;
    }
  }

  #sendState(pipe: Pipe): void {
    for (const sealed of this.#disk.snapshot?.pieces ?? []) {
      pipe.send({ type: "snapshot-piece", sealed });
    }
    pipe.send({ type: "restored", part: "snapshot" });
    for (const { sealed } of this.#disk.deltas) pipe.send({ type: "delta", sealed });
    pipe.send({ type: "restored", part: "deltas" });
  }

  #sendLog(pipe: Pipe, fromHeight: number): void {
    const entries = this.#disk.log.slice(fromHeight - 1);
    if (entries.length > 0) pipe.send({ type: "entries", firstHeight: fromHeight, entries });
    pipe.send({ type: "restored", part: "entries" });
  }

  /** Puts an entry into the log, and has it executed after those before it: a long command takes many turns. */
  #append(pipe: Pipe, entry: Uint8Array): void {
    this.#disk.append(entry);
    if (this.#sentHeight === this.#executedHeight) this.#execute(pipe);
  }

  #execute(pipe: Pipe): void {
    const firstHeight = this.#sentHeight + 1;
    const entries = this.#disk.log.slice(this.#sentHeight);
    this.#sentHeight = this.#disk.log.length;
    if (entries.length > 0) pipe.send({ type: "execute", firstHeight, entries });
  }

  #admitted(pipe: Pipe, { id, requestId, entry }: EnclaveToWorkerAdmitted): void {
    const settle = this.#take(id);
    const name = toHex(requestId);
    // A command that is tried anew comes a second time: who waits for it waits already.
    if (settle !== undefined) this.#executing.set(name, settle);
    else if (!this.#executing.has(name)) return;
    this.#append(pipe, entry);
  }

  #executed(pipe: Pipe, { height, delta, replies }: EnclaveToWorkerExecuted): void {
    this.#disk.deltas.push({ height, sealed: delta });
    for (const { requestId, reply } of replies) {
      const name = toHex(requestId);
      this.#replies.set(name, reply);
      this.#executing.get(name)?.({ kind: "sealed", bytes: reply });
      this.#executing.delete(name);
    }
    this.#executedHeight = height;
    if (this.#isReady && height === this.#sentHeight) this.#execute(pipe);
  }

  #snapshotPiece(pipe: Pipe, message: EnclaveToWorkerSnapshotPiece): void {
    const { height, total, sealed } = message;
    this.#pieces.push(sealed);
    if (this.#pieces.length < total) return;
    this.#disk.keep({ height, pieces: this.#pieces });
    pipe.send({ type: "snapshot-stored", height });
  }
}
