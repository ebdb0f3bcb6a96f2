/**
 * A worker's public identity: `GET /v1/info`, and what its evidence is about.
 *
 * Everything here passes through the operator's hands. A client believes the keys only after the
 * evidence over their hash has been verified.
 *
 * @module
 */
import { integer, pack } from "#protocol/codec.ts";
import {
  EGRESS_GRANT_LENGTH_MAX,
  EGRESS_GRANTS_MAX,
  EXTRA_ROOT_LENGTH_MAX,
  EXTRA_ROOTS_MAX,
} from "#protocol/limits.ts";
import { Fields } from "#protocol/shape.ts";

/** What the cluster was created with. Its hash is part of the evidence and of the cluster's name. */
export interface ClusterConfig {
  /** Addresses a contract may reach besides public ones: CIDR or host, optionally with `:port`. */
  readonly egressGrants: readonly string[];
  /** PEM certificates trusted for contracts' HTTPS besides the enclave's own roots. */
  readonly extraRoots: readonly string[];
  /** Pages (64 KiB) a contract's memory may have. */
  readonly memoryPagesMax: number;
}

/** The simulated kind is signed by a root that everybody knows the key of: it proves nothing. */
export type EvidenceKind = "simulated";

export interface Evidence {
  readonly kind: EvidenceKind;
  /** SHA-256 of the enclave bundle, 32 bytes. */
  readonly measurement: Uint8Array;
  /** SHA-256 of `reportStatement`, 32 bytes: binds the keys, the boot and the configuration. */
  readonly reportData: Uint8Array;
  readonly signature: Uint8Array;
}

export interface WorkerInfo {
  /** Name of the cluster, 32 bytes: hash of its public key and configuration. */
  readonly cluster: Uint8Array;
  readonly epoch: number;
  /** X25519 public key of the cluster in this epoch, 32 bytes. */
  readonly clusterKey: Uint8Array;
  /** Ed25519 public key of this worker's enclave, born at this boot, 32 bytes. */
  readonly workerKey: Uint8Array;
  readonly bootEpoch: number;
  readonly height: number;
  readonly digest: Uint8Array;
  /** The enclave's time, in milliseconds: what session certificates are dated by. */
  readonly timeMs: number;
  readonly config: ClusterConfig;
  readonly evidence: Evidence;
}

/** Pages of the whole 32-bit address space: what is allowed of them is admission's to say. */
const ADDRESSABLE_PAGES = 65_536;
const KIND_LENGTH_MAX = 16;
/** Bytes of a signature: hardware's come with a chain of certificates. */
const SIGNATURE_BYTES_MAX = 16 * 1024;

function plainConfig({ egressGrants, extraRoots, memoryPagesMax }: ClusterConfig): unknown[] {
  return [egressGrants, extraRoots, memoryPagesMax];
}

export function encodeConfig(config: ClusterConfig): Uint8Array {
  return pack(plainConfig(config));
}

export function parseConfig(fields: Fields): ClusterConfig {
  return {
    egressGrants: fields.list(EGRESS_GRANTS_MAX, (list) => list.text(EGRESS_GRANT_LENGTH_MAX)),
    extraRoots: fields.list(EXTRA_ROOTS_MAX, (list) => list.text(EXTRA_ROOT_LENGTH_MAX)),
    memoryPagesMax: fields.integer(ADDRESSABLE_PAGES),
  };
}

export function encodeInfo(info: WorkerInfo): Uint8Array {
  const { config, evidence } = info;
  return pack([
    info.cluster,
    info.epoch,
    info.clusterKey,
    info.workerKey,
    info.bootEpoch,
    integer(info.height),
    info.digest,
    integer(info.timeMs),
    plainConfig(config),
    [evidence.kind, evidence.measurement, evidence.reportData, evidence.signature],
  ]);
}

/** @throws {@link Fault} `MESSAGE_MALFORMED` for any other shape. */
export function parseInfo(untrustedBytes: Uint8Array): WorkerInfo {
  const fields = Fields.parse(untrustedBytes, "MESSAGE_MALFORMED");
  const info = {
    cluster: fields.fixed(32),
    epoch: fields.integer(),
    clusterKey: fields.fixed(32),
    workerKey: fields.fixed(32),
    bootEpoch: fields.integer(),
    height: fields.integer(),
    digest: fields.fixed(32),
    timeMs: fields.integer(),
    config: fields.nested(parseConfig),
    evidence: fields.nested(parseEvidence),
  };
  fields.end();
  return info;
}

function parseEvidence(fields: Fields): Evidence {
  if (fields.text(KIND_LENGTH_MAX) !== "simulated") fields.fail();
  return {
    kind: "simulated",
    measurement: fields.fixed(32),
    reportData: fields.fixed(32),
    signature: fields.bytes(SIGNATURE_BYTES_MAX),
  };
}
