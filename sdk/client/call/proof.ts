/**
 * What the worker's enclave has signed about a reply, in hexadecimal, to be kept or shown to others.
 *
 * It names no argument and no value; of the outcome it holds a hash.
 *
 * @module
 */
import { toHex } from "#protocol/bytes.ts";
import { encodeOutcome, type Reply } from "#protocol/reply.ts";
import type { Primitives } from "#crypto/primitives.ts";
import type { WorkerIdentity } from "#sdk/client/trust/identity.ts";

export interface Proof {
  /** A receipt is about one command; a head is about the state that a query saw. */
  readonly kind: "receipt" | "head";
  readonly cluster: string;
  readonly epoch: number;
  /**
   * Ed25519 key of the worker's enclave, bound by its evidence. `null` if the worker has restarted since
   * it signed: then nobody has that evidence any more, and the seal alone vouches for the reply.
   */
  readonly workerKey: string | null;
  readonly bootEpoch: number;
  readonly measurement: string;
  readonly simulated: boolean;
  /** SHA-256 of the envelope. */
  readonly requestId: string;
  readonly contract: string;
  readonly codeHash: string;
  readonly height: number;
  /** State digest at that height. */
  readonly digest: string;
  /** SHA-256 of the encoded outcome. */
  readonly outcome: string;
  readonly signature: string;
  /** Hashes of the receipts that were signed together, this one's among them and zeros behind; empty for a head. */
  readonly receipts: readonly string[];
}

/** What a proof is about: the envelope that was answered, the contract it was for, who signed. */
export interface Signed {
  readonly kind: Proof["kind"];
  readonly requestId: Uint8Array;
  readonly contract: Uint8Array;
  /** Whether `worker` made the signature, or an earlier boot of it. */
  readonly isCurrent: boolean;
}

export function proofOf(
  primitives: Primitives,
  worker: WorkerIdentity,
  signed: Signed,
  reply: Reply,
): Proof {
  const { head } = reply;
  return {
    kind: signed.kind,
    cluster: toHex(worker.info.cluster),
    epoch: worker.info.epoch,
    workerKey: signed.isCurrent ? toHex(worker.info.workerKey) : null,
    bootEpoch: head.bootEpoch,
    measurement: toHex(head.measurement),
    simulated: worker.simulated,
    requestId: toHex(signed.requestId),
    contract: toHex(signed.contract),
    codeHash: toHex(reply.codeHash),
    height: head.height,
    digest: toHex(head.digest),
    outcome: toHex(primitives.sha256(encodeOutcome(reply.outcome))),
    signature: toHex(reply.signature),
    receipts: reply.receipts.map(toHex),
  };
}
