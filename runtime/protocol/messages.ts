/**
 * Messages on the pipe between worker process and enclave, in both directions.
 *
 * The enclave treats all it receives as hostile; the worker process can read all that it receives,
 * so nothing secret is ever put into an `EnclaveToWorker…` field that is not sealed.
 *
 * @module
 */
import type { EgressFromEnclave, EgressToEnclave } from "#protocol/egress.ts";
import type { Facts } from "#protocol/fault.ts";
import type { ClusterConfig } from "#protocol/info.ts";

/** First message: what the enclave needs to become a worker. */
export interface WorkerToEnclaveBoot {
  readonly type: "boot";
  /** The simulated hardware's secret, 32 bytes. On real hardware the driver ignores it. */
  readonly hardwareSecret: Uint8Array;
  /** The cluster's sealed key material; absent at the first start, which creates it. */
  readonly sealedCluster?: Uint8Array;
  /** For the first start; later starts must name the same or nothing changes. */
  readonly config: ClusterConfig;
  /** Entries in the log; the enclave's boot entry must become the next one. */
  readonly logHeight: number;
  /** Ignore snapshots and deltas and replay the whole log: the operator's way out of damage. */
  readonly rebuild: boolean;
}

/** One piece of the newest snapshot, in order. */
export interface WorkerToEnclaveSnapshotPiece {
  readonly type: "snapshot-piece";
  readonly sealed: Uint8Array;
}

/** One sealed delta after the snapshot, in order. */
export interface WorkerToEnclaveDelta {
  readonly type: "delta";
  readonly sealed: Uint8Array;
}

/** Log entries, in order, from the height after the snapshot. */
export interface WorkerToEnclaveEntries {
  readonly type: "entries";
  readonly firstHeight: number;
  readonly entries: readonly Uint8Array[];
}

/** All snapshot pieces were sent; then all deltas; then all entries. */
export interface WorkerToEnclaveRestored {
  readonly type: "restored";
  readonly part: "snapshot" | "deltas" | "entries";
}

/** A client's envelope: session or command to admit, or query to answer. */
export interface WorkerToEnclaveRequest {
  readonly type: "request";
  readonly id: number;
  readonly envelope: Uint8Array;
}

/** Nobody waits for that request any more: a query ends, a command goes on. */
export interface WorkerToEnclaveCancel {
  readonly type: "cancel";
  readonly id: number;
}

/** Entries that now stand in the log: execute them. */
export interface WorkerToEnclaveExecute {
  readonly type: "execute";
  readonly firstHeight: number;
  readonly entries: readonly Uint8Array[];
}

/** Make a snapshot of the present height. */
export interface WorkerToEnclaveSnapshot {
  readonly type: "snapshot";
}

/** The snapshot of that height is on disk: write its checkpoint. */
export interface WorkerToEnclaveSnapshotStored {
  readonly type: "snapshot-stored";
  readonly height: number;
}

/** Nothing has come for a while: let a height pass, so that what is planned comes about. */
export interface WorkerToEnclaveTick {
  readonly type: "tick";
  /** Also if no call is planned. */
  readonly always: boolean;
}

export interface WorkerToEnclaveInfo {
  readonly type: "info";
  readonly id: number;
}

export interface WorkerToEnclaveEgress {
  readonly type: "egress";
  readonly egress: EgressToEnclave;
}

export type WorkerToEnclave =
  | WorkerToEnclaveBoot
  | WorkerToEnclaveSnapshotPiece
  | WorkerToEnclaveDelta
  | WorkerToEnclaveEntries
  | WorkerToEnclaveRestored
  | WorkerToEnclaveRequest
  | WorkerToEnclaveExecute
  | WorkerToEnclaveSnapshot
  | WorkerToEnclaveSnapshotStored
  | WorkerToEnclaveInfo
  | WorkerToEnclaveEgress
  | WorkerToEnclaveTick
  | WorkerToEnclaveCancel;

/** First answer to `boot`: send snapshot and deltas now. */
export interface EnclaveToWorkerBooted {
  readonly type: "booted";
  /** To be stored before anything else, when the cluster was just created. */
  readonly sealedCluster?: Uint8Array;
}

/** Snapshot and deltas are in: send the log from this height on. */
export interface EnclaveToWorkerRestoring {
  readonly type: "restoring";
  readonly fromHeight: number;
}

/** All is restored. `entry` (the boot) must be appended before requests are answered. */
export interface EnclaveToWorkerReady {
  readonly type: "ready";
  readonly height: number;
  readonly entry: Uint8Array;
}

/** The enclave refuses to start from what it was given. Fatal. */
export interface EnclaveToWorkerRefused {
  readonly type: "refused";
  readonly fault: number;
  readonly facts: Facts;
}

/** A session or command that may enter the log. */
export interface EnclaveToWorkerAdmitted {
  readonly type: "admitted";
  readonly id: number;
  /** SHA-256 of the envelope, 32 bytes. */
  readonly requestId: Uint8Array;
  readonly entry: Uint8Array;
}

/** A sealed reply, now: to a query, or to a command that does not enter the log. */
export interface EnclaveToWorkerAnswered {
  readonly type: "answered";
  readonly id: number;
  readonly reply: Uint8Array;
}

/** A request without a session to seal an answer for: number and facts only. */
export interface EnclaveToWorkerRejected {
  readonly type: "rejected";
  readonly id: number;
  readonly fault: number;
  readonly facts: Facts;
}

/** A sealed reply, to be released once its entry is durable. */
export interface ExecutedReply {
  readonly requestId: Uint8Array;
  readonly height: number;
  readonly reply: Uint8Array;
}

/** An event that its author declared public. */
export interface PublicEvent {
  readonly contract: Uint8Array;
  readonly height: number;
  readonly name: string;
  readonly fields: Uint8Array;
}

/** Entries up to `height` are executed; `delta` holds what they changed. */
export interface EnclaveToWorkerExecuted {
  readonly type: "executed";
  readonly height: number;
  readonly delta: Uint8Array;
  readonly replies: readonly ExecutedReply[];
  readonly events: readonly PublicEvent[];
}

export interface EnclaveToWorkerSnapshotPiece {
  readonly type: "snapshot-piece";
  readonly height: number;
  readonly index: number;
  readonly total: number;
  readonly sealed: Uint8Array;
}

/** An entry of the enclave's own making, to be appended to the log. */
export interface EnclaveToWorkerEntry {
  readonly type: "entry";
  readonly entry: Uint8Array;
}

/** An entry in which nothing stands, to be appended to the log. */
export interface EnclaveToWorkerTick {
  readonly type: "tick";
  readonly entry: Uint8Array;
}

export interface EnclaveToWorkerInfo {
  readonly type: "info";
  readonly id: number;
  /** Encoded `WorkerInfo`. */
  readonly info: Uint8Array;
}

export interface EnclaveToWorkerEgress {
  readonly type: "egress";
  readonly egress: EgressFromEnclave;
}

export type EnclaveToWorker =
  | EnclaveToWorkerBooted
  | EnclaveToWorkerRestoring
  | EnclaveToWorkerReady
  | EnclaveToWorkerRefused
  | EnclaveToWorkerAdmitted
  | EnclaveToWorkerAnswered
  | EnclaveToWorkerRejected
  | EnclaveToWorkerExecuted
  | EnclaveToWorkerSnapshotPiece
  | EnclaveToWorkerEntry
  | EnclaveToWorkerInfo
  | EnclaveToWorkerEgress
  | EnclaveToWorkerTick;
