/**
 * The enclave: takes every message of the worker process and answers it.
 *
 * It has three lives, in order: waiting for `boot`, restoring, serving. A message that belongs to
 * another life is the operator's fault and changes nothing.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { HTTP_RETRIES_MAX } from "#protocol/limits.ts";
import { encodeInfo, type Evidence } from "#protocol/info.ts";
import type { EnclaveToWorker, WorkerToEnclave, WorkerToEnclaveBoot } from "#protocol/messages.ts";
import type { Signer } from "#crypto/primitives.ts";
import { reportData } from "#crypto/statements.ts";
import { cutPieces, sealPiece, type SnapshotHeader } from "#seal/snapshot.ts";
import { Sessions } from "#session/sessions.ts";
import { createCluster, openCluster, type Cluster } from "#exec/cluster.ts";
import { Contracts } from "#exec/contracts.ts";
import { sealEntry, type Entry } from "#exec/entry.ts";
import { Executor } from "#exec/executor.ts";
import { Ledger } from "#exec/ledger.ts";
import type { Node } from "#exec/node.ts";
import type { Powers } from "#exec/powers.ts";
import { Replica } from "#exec/replica.ts";
import { Replier } from "#exec/replier.ts";
import { Requests } from "#exec/requests.ts";
import { Retries } from "#exec/retries.ts";
import { Restore } from "#exec/restore.ts";
import { mayServe } from "#exec/system.ts";
import { isAnythingPlanned } from "#exec/timetable.ts";
import { Turns } from "#exec/turns.ts";
import type { Verdict } from "#exec/verdict.ts";
import { doAtOnce } from "#exec/work.ts";

/** What a serving enclave has besides its node. */
interface Serving {
  readonly ledger: Ledger;
  readonly replier: Replier;
  readonly requests: Requests;
  readonly bootEpoch: number;
  readonly evidence: Evidence;
}

export class Enclave {
  readonly #powers: Powers;
  readonly #worker: Signer;
  #node: Node | undefined;
  #restore: Restore | undefined;
  readonly #retries: Retries = new Retries();
  #serving: Serving | undefined;
  /** The last snapshot handed out, until it is stored. */
  #snapshot: SnapshotHeader | undefined;
  /** Whether one was asked for while some of the next height was applied: it waits for the rest. */
  #isSnapshotDue = false;
  /** Why it stopped, once it has: the only thing it will say from then on. */
  #refusal: Extract<EnclaveToWorker, { type: "refused" }> | undefined;

  constructor(powers: Powers) {
    this.#powers = powers;
    this.#worker = powers.primitives.ed25519Signer(powers.entropy(32));
  }

  /**
   * Takes one message. Calls that wait for HTTP or run in slices are answered later; all else before it
   * returns.
   *
   * A fault of the operator is reported as `refused`, and nothing is served ever after: an enclave
   * that could boot again would sign for two histories with one key.
   */
  receive(message: WorkerToEnclave): void {
    if (this.#refusal !== undefined) {
      this.#powers.send(this.#refusal);
      return;
    }
    try {
      this.#dispatch(message);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.#refuse(error);
    }
  }

  #refuse({ number, facts }: Fault): void {
    this.#serving?.ledger.stop();
    this.#serving = undefined;
    this.#restore = undefined;
    this.#node = undefined;
    this.#refusal = { type: "refused", fault: number, facts };
    this.#powers.send(this.#refusal);
  }

  /** Ends what went on after its message was taken. */
  #stop(error: unknown): void {
    if (error instanceof Fault) this.#refuse(error);
    else this.#powers.abort(error);
  }

  #dispatch(message: WorkerToEnclave): void {
    switch (message.type) {
      case "boot":
        this.#boot(message);
        return;
      case "snapshot-piece":
        this.#restoring().snapshotPiece(message.sealed);
        return;
      case "delta":
        this.#restoring().delta(message.sealed);
        return;
      case "entries":
        this.#entries(message.firstHeight, message.entries);
        return;
      case "restored":
        this.#restored(message.part);
        return;
      case "request":
        this.#request(message.id, message.envelope);
        return;
      case "execute":
        this.#execute(message.firstHeight, message.entries);
        return;
      case "snapshot":
        this.#makeSnapshot();
        return;
      case "snapshot-stored":
        this.#checkpoint(message.height);
        return;
      case "tick":
        this.#tick(message.always);
        return;
      case "info":
        this.#info(message.id);
        return;
      case "egress":
        this.#booted().http.receive(message.egress);
        return;
    }
  }

  #boot(message: WorkerToEnclaveBoot): void {
    if (this.#node !== undefined) throw new Fault("MESSAGE_MALFORMED");
    const { primitives, entropy, tee } = this.#powers;
    const sealingKey = tee.sealingKey(message.hardwareSecret);
    const { sealedCluster, config, logHeight, rebuild } = message;
    if (sealedCluster === undefined) {
      const created = createCluster(primitives, entropy, sealingKey, config);
      this.#start(created.cluster, logHeight, rebuild);
      this.#powers.send({ type: "booted", sealedCluster: created.sealed });
      return;
    }
    const cluster = openCluster(primitives, entropy, sealingKey, sealedCluster);
    this.#start(cluster, logHeight, rebuild);
    this.#powers.send({ type: "booted" });
  }

  #start(cluster: Cluster, logHeight: number, rebuild: boolean): void {
    const {
      primitives,
      untrustedClockMs,
      nextTurn,
      http,
      locatesTraps = false,
      instrument,
      watch,
    } = this.#powers;
    const replica = new Replica();
    const sessions = new Sessions(primitives);
    const options = { locatesTraps, instrument, ...(watch && { watch }) };
    const contracts = new Contracts(primitives, cluster.config.memoryPagesMax, options);
    const parts = { primitives, cluster, replica, sessions, contracts };
    this.#node = {
      ...parts,
      powers: this.#powers,
      executor: new Executor(parts),
      timeMs: () => Math.max(untrustedClockMs(), replica.timeMs),
      http: http(cluster.config),
      turns: new Turns(nextTurn),
    };
    this.#restore = new Restore(primitives, cluster, replica, logHeight, rebuild);
  }

  #restoring(): Restore {
    if (this.#restore === undefined) throw new Fault("MESSAGE_MALFORMED");
    return this.#restore;
  }

  #booted(): Node {
    if (this.#node === undefined) throw new Fault("MESSAGE_MALFORMED");
    return this.#node;
  }

  #served(): Serving {
    if (this.#serving === undefined) throw new Fault("MESSAGE_MALFORMED");
    return this.#serving;
  }

  /** What a fully restored enclave has. */
  #current(): Serving {
    if (this.#restore !== undefined) throw new Fault("MESSAGE_MALFORMED");
    return this.#served();
  }

  #restored(part: "snapshot" | "deltas" | "entries"): void {
    const restore = this.#restoring();
    if (part === "snapshot") restore.snapshotEnd();
    else if (part === "deltas") this.#stateRestored(restore);
    else this.#allRestored(restore);
  }

  /** The sealed state is in: from here on entries may have to be executed. */
  #stateRestored(restore: Restore): void {
    restore.deltasEnd();
    const node = this.#booted();
    const { primitives, entropy, tee, send } = this.#powers;
    node.sessions.restore(node.replica.system.entries());
    const bootEpoch = restore.logHeight + 1;
    const { name, kemPublic: clusterKey, config } = node.cluster;
    const { measurement } = tee;
    const workerKey = this.#worker.publicKey;
    const identity = { ...name, clusterKey, workerKey, bootEpoch, config };
    const evidence = tee.evidence(reportData(primitives, identity));
    const replier = new Replier(primitives, entropy, name, this.#worker, measurement, bootEpoch);
    const ledger = new Ledger(node, replier, {
      answered: (requestId) => void this.#retries.take(requestId),
      again: (requestId) => this.#again(requestId),
    });
    this.#serving = { ledger, replier, requests: new Requests(node), bootEpoch, evidence };
    send({ type: "restoring", fromHeight: restore.nextHeight });
  }

  #entries(firstHeight: number, sealedEntries: readonly Uint8Array[]): void {
    const restore = this.#restoring();
    const { ledger } = this.#served();
    for (const [i, sealed] of sealedEntries.entries()) {
      const entry = restore.entry(firstHeight + i, sealed);
      if (entry !== undefined) doAtOnce(ledger.run(sealed, entry));
    }
    ledger.flush();
  }

  #allRestored(restore: Restore): void {
    restore.entriesEnd();
    this.#restore = undefined;
    const { replica } = this.#booted();
    const { bootEpoch } = this.#served();
    const entry = this.#seal({
      kind: "boot",
      timeMs: this.#booted().timeMs(),
      bootEpoch,
      workerKey: this.#worker.publicKey,
      measurement: this.#powers.tee.measurement,
    });
    this.#powers.send({ type: "ready", height: replica.height, entry });
  }

  #seal(entry: Entry): Uint8Array {
    const { cluster, replica } = this.#booted();
    const { height, digest } = replica;
    return sealEntry(cluster.entries, cluster.name, { entry, after: { height, digest } });
  }

  #execute(firstHeight: number, entries: readonly Uint8Array[]): void {
    const { ledger } = this.#current();
    ledger
      .execute(firstHeight, entries)
      ?.then(() => {
        if (this.#isSnapshotDue && this.#serving !== undefined) this.#makeSnapshot();
      })
      .catch((error: unknown) => this.#stop(error));
  }

  #request(id: number, envelope: Uint8Array): void {
    const { requests } = this.#current();
    // Two boots must not answer under one epoch, nor two enclaves on one log: this one's own entry has to
    // stand in the log, where it belongs, and no newer one.
    if (!mayServe(this.#booted().replica.presentSystem, this.#worker.publicKey)) {
      throw new Fault("MESSAGE_MALFORMED");
    }
    const { send, abort } = this.#powers;
    const retries = this.#retries.hasRoom(envelope) ? HTTP_RETRIES_MAX : 0;
    requests.decide(envelope, retries).then(
      (verdict) => this.#settle(id, envelope, verdict),
      (error: unknown) => {
        if (!(error instanceof Fault)) abort(error);
        else send({ type: "rejected", id, fault: error.number, facts: error.facts });
      },
    );
  }

  /** Tries a command anew: its entry has changed nothing, because the state had moved. */
  #again(requestId: Uint8Array): void {
    const retry = this.#retries.take(requestId);
    if (retry === undefined) return;
    const { requests } = this.#served();
    const { id, envelope, left } = retry;
    const { abort, nextTurn } = this.#powers;
    const giveUp = (error: unknown): void => {
      if (!(error instanceof Fault)) return abort(error);
      try {
        if (this.#serving !== undefined) this.#settle(id, envelope, requests.giveUp(envelope));
      } catch (again) {
        // A copy of it was executed meanwhile, and answered.
        if (!(again instanceof Fault)) abort(again);
      }
    };
    // Not before all that is under way in this height is done.
    const decided = nextTurn().then(() => requests.decide(envelope, left - 1));
    decided.then((verdict) => {
      // Its sender waits for what the log says.
      if (verdict.kind === "answer") giveUp(new Fault("HTTP_REPLAY_MISMATCH"));
      else this.#settle(id, envelope, verdict);
    }, giveUp);
  }

  #settle(id: number, envelope: Uint8Array, verdict: Verdict): void {
    const { send } = this.#powers;
    // It waited for HTTP, and the enclave has stopped since.
    if (this.#serving === undefined) return;
    if (verdict.kind === "entry") {
      const { requestId, entry, retries: left = 0 } = verdict;
      if (left > 0) this.#retries.keep(requestId, { id, envelope, left });
      send({ type: "admitted", id, requestId, entry: this.#seal(entry) });
      return;
    }
    const { answered, height, digest } = verdict;
    const reply = this.#serving.replier.seal(answered, height, digest);
    send({ type: "answered", id, reply });
  }

  #makeSnapshot(): void {
    this.#current();
    const { cluster, replica } = this.#booted();
    this.#isSnapshotDue = replica.isAhead;
    if (replica.isAhead) return;
    const header = replica.header();
    const pieces = cutPieces(replica.entries());
    this.#snapshot = header;
    for (const [index, piece] of pieces.entries()) {
      const total = pieces.length;
      const sealed = sealPiece(cluster.state, cluster.name, header, index, total, piece);
      this.#powers.send({ type: "snapshot-piece", height: header.height, index, total, sealed });
    }
  }

  #checkpoint(untrustedHeight: number): void {
    const header = this.#snapshot;
    if (header?.height !== untrustedHeight) throw new Fault("MESSAGE_MALFORMED");
    this.#snapshot = undefined;
    const { height, digest } = header;
    const entry = { kind: "checkpoint", timeMs: this.#booted().timeMs(), height, digest } as const;
    this.#powers.send({ type: "entry", entry: this.#seal(entry) });
  }

  #tick(always: boolean): void {
    this.#current();
    const { replica, timeMs } = this.#booted();
    if (!always && !isAnythingPlanned(replica.presentSystem)) return;
    this.#powers.send({ type: "tick", entry: this.#seal({ kind: "tick", timeMs: timeMs() }) });
  }

  #info(id: number): void {
    const { cluster, replica, timeMs } = this.#booted();
    const { bootEpoch, evidence } = this.#served();
    const info = encodeInfo({
      ...cluster.name,
      clusterKey: cluster.kemPublic,
      workerKey: this.#worker.publicKey,
      bootEpoch,
      height: replica.height,
      digest: replica.digest,
      timeMs: timeMs(),
      config: cluster.config,
      evidence,
    });
    this.#powers.send({ type: "info", id, info });
  }
}
