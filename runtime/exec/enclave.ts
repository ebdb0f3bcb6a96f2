/**
 * The enclave: takes every message of the worker process and answers it.
 *
 * It has three lives, in order: waiting for `boot`, restoring, serving. A message that belongs to
 * another life is the operator's fault and changes nothing.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import type { EnclaveToWorker, WorkerToEnclave, WorkerToEnclaveBoot } from "#protocol/messages.ts";
import type { Signer } from "#crypto/primitives.ts";
import { Sessions } from "#session/sessions.ts";
import { createCluster, openCluster, type Cluster } from "#exec/cluster.ts";
import { Contracts } from "#exec/contracts.ts";
import { Executor } from "#exec/executor.ts";
import type { Node } from "#exec/node.ts";
import type { Powers } from "#exec/powers.ts";
import { Replica } from "#exec/replica.ts";
import { Restore } from "#exec/restore.ts";
import { Serving } from "#exec/serving.ts";
import { Turns } from "#exec/turns.ts";

export class Enclave {
  readonly #powers: Powers;
  readonly #worker: Signer;
  #node: Node | undefined;
  #restore: Restore | undefined;
  #serving: Serving | undefined;
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
    this.#serving?.stop();
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
        this.#current().request(message.id, message.envelope);
        return;
      case "cancel":
        this.#current().cancel(message.id);
        return;
      case "execute":
        this.#current().execute(message.firstHeight, message.entries);
        return;
      case "snapshot":
        this.#current().makeSnapshot();
        return;
      case "snapshot-stored":
        this.#current().checkpoint(message.height);
        return;
      case "tick":
        this.#current().tick(message.always);
        return;
      case "info":
        this.#served().info(message.id);
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
    node.sessions.restore(node.replica.system.entries());
    const fail = (error: unknown): void => this.#stop(error);
    this.#serving = new Serving(node, this.#worker, restore.logHeight + 1, fail);
    this.#powers.send({ type: "restoring", fromHeight: restore.nextHeight });
  }

  #entries(firstHeight: number, sealedEntries: readonly Uint8Array[]): void {
    const restore = this.#restoring();
    this.#served().replay(restore.missing(firstHeight, sealedEntries));
  }

  #allRestored(restore: Restore): void {
    restore.entriesEnd();
    this.#restore = undefined;
    const { height } = this.#booted().replica;
    const entry = this.#served().bootEntry();
    this.#powers.send({ type: "ready", height, entry });
  }
}
