/**
 * The exact bytes of everything that is signed or hashed across the boundary.
 *
 * Both sides build a statement from values and never from a message, so a second encoding of the
 * same values cannot exist.
 *
 * @module
 */
import { framed, u32, u64, utf8 } from "#protocol/bytes.ts";
import { encodeConfig, type WorkerInfo } from "#protocol/info.ts";
import { encodeOutcome, type Outcome, type Head } from "#protocol/reply.ts";
import { labels } from "#crypto/labels.ts";
import type { Primitives, Signer } from "#crypto/primitives.ts";

/** Which cluster and which of its key generations a statement is about. */
export interface ClusterName {
  readonly cluster: Uint8Array;
  readonly epoch: number;
}

/** The epoch in which a cluster is born: its key, with the configuration, gives the cluster its name. */
export const FIRST_EPOCH = 1;

/** What a wallet signs to open a session: the encapsulated key binds it to one HPKE exchange. */
export function sessionCertificate(
  name: ClusterName,
  encapsulated: Uint8Array,
  issuedAtMs: number,
): Uint8Array {
  const { cluster, epoch } = name;
  return framed(labels.sessionCertificate, cluster, u32(epoch), encapsulated, u64(issuedAtMs));
}

/** What the worker's enclave signs once per height. */
export function headStatement(name: ClusterName, head: Head): Uint8Array {
  const { height, digest, bootEpoch, measurement } = head;
  return framed(
    labels.head,
    name.cluster,
    u32(name.epoch),
    u64(height),
    digest,
    u64(bootEpoch),
    measurement,
  );
}

export interface Receipt {
  /** SHA-256 of the envelope. */
  readonly requestId: Uint8Array;
  readonly contract: Uint8Array;
  readonly codeHash: Uint8Array;
  readonly height: number;
  /** State digest after that height. */
  readonly digest: Uint8Array;
  readonly bootEpoch: number;
  readonly measurement: Uint8Array;
  readonly outcome: Outcome;
}

/** What is said about one command; its SHA-256 stands in the group that is signed. */
export function receiptStatement(
  primitives: Primitives,
  name: ClusterName,
  receipt: Receipt,
): Uint8Array {
  return framed(
    labels.receipt,
    name.cluster,
    u32(name.epoch),
    receipt.requestId,
    receipt.contract,
    receipt.codeHash,
    u64(receipt.height),
    receipt.digest,
    u64(receipt.bootEpoch),
    receipt.measurement,
    primitives.sha256(encodeOutcome(receipt.outcome)),
  );
}

/**
 * What the worker's enclave signs for a few commands at once.
 *
 * @param receipts - SHA-256 of each command's {@link receiptStatement}, 32 bytes each.
 */
export function receiptsStatement(receipts: readonly Uint8Array[]): Uint8Array {
  return framed(labels.receipts, ...receipts);
}

/** What evidence is about: the keys, the boot and the configuration of one enclave. */
export function reportData(
  primitives: Primitives,
  info: Omit<WorkerInfo, "evidence" | "height" | "digest" | "timeMs">,
): Uint8Array {
  return primitives.sha256(
    framed(
      labels.report,
      info.cluster,
      u32(info.epoch),
      info.clusterKey,
      info.workerKey,
      u64(info.bootEpoch),
      encodeConfig(info.config),
    ),
  );
}

/** The cluster's name: its first public key and its configuration. */
export function clusterName(
  primitives: Primitives,
  clusterKey: Uint8Array,
  config: WorkerInfo["config"],
): Uint8Array {
  return primitives.sha256(framed(labels.cluster, clusterKey, encodeConfig(config)));
}

/** What tells one contract of a deployer from another. */
export interface Birth {
  /** SHA-256 of the component, 32 bytes. */
  readonly codeHash: Uint8Array;
  readonly salt: Uint8Array;
  /** The `@init` method and its encoded arguments. */
  readonly method: string;
  readonly args: Uint8Array;
}

/**
 * Address of a new contract. It binds cluster, deployer, code, salt and first call, so nobody can take
 * another deployer's address in advance, and a client knows what a worker has to answer.
 *
 * @param deployer - Ed25519 public key, 32 bytes.
 */
export function contractAddress(
  primitives: Primitives,
  cluster: Uint8Array,
  deployer: Uint8Array,
  { codeHash, salt, method, args }: Birth,
): Uint8Array {
  const label = labels.contractAddress;
  const call = primitives.sha256(framed(label, utf8(method), args));
  return primitives.sha256(framed(label, cluster, deployer, codeHash, salt, call));
}

/** The root that vouches for simulated enclaves. Its seed hashes a public label: it proves nothing. */
export function simulatedRoot(primitives: Primitives): Signer {
  return primitives.ed25519Signer(primitives.sha256(framed(labels.simulatedRoot)));
}

/** What the simulated TEE signs. */
export function simulatedEvidence(measurement: Uint8Array, report: Uint8Array): Uint8Array {
  return framed(labels.simulatedEvidence, measurement, report);
}
