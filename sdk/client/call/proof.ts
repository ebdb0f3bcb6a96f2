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
  /** Ed25519 key of the worker's enclave, bound by its evidence. */
  readonly workerKey: string;
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
}

/** @param request - The envelope that was answered, and the contract it was for. */
export function proofOf(
  primitives: Primitives,
  worker: WorkerIdentity,
  kind: Proof["kind"],
  request: { readonly requestId: Uint8Array; readonly contract: Uint8Array },
  reply: Reply,
): Proof {
  const { head } = reply;
  return {
    kind,
    cluster: toHex(worker.info.cluster),
    epoch: worker.info.epoch,
    workerKey: toHex(worker.info.workerKey),
    bootEpoch: head.bootEpoch,
    measurement: toHex(head.measurement),
    simulated: worker.simulated,
    requestId: toHex(request.requestId),
    contract: toHex(request.contract),
    codeHash: toHex(reply.codeHash),
    height: head.height,
    digest: toHex(head.digest),
    outcome: toHex(primitives.sha256(encodeOutcome(reply.outcome))),
    signature: toHex(reply.signature),
  };
}
