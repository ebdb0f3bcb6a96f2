/**
 * Checks an opened reply: who signed it, in which boot, at which height, about which request.
 *
 * The seal already proves that an enclave of the cluster made it for us. The signature makes it a
 * proof for others, and the height tells whether the state behind it is one we have left behind.
 *
 * @module
 */
import { equalBytes } from "#protocol/bytes.ts";
import type { Reply } from "#protocol/reply.ts";
import type { Primitives } from "#crypto/primitives.ts";
import { headStatement, receiptsStatement, receiptStatement } from "#crypto/statements.ts";
import { proofOf, type Proof } from "#sdk/client/call/proof.ts";
import { clientError } from "#sdk/client/errors/client-error.ts";
import type { Floor, HeadMemory } from "#sdk/client/trust/heads.ts";
import type { WorkerIdentity } from "#sdk/client/trust/identity.ts";
import type { Signatures } from "#sdk/client/trust/signatures.ts";
import type { TrustedWorkers } from "#sdk/client/trust/workers.ts";

export interface Checks {
  readonly primitives: Primitives;
  readonly workers: TrustedWorkers;
  readonly heads: HeadMemory;
  readonly signatures: Signatures;
}

export interface Answered {
  readonly kind: "session" | "query" | "command";
  readonly requestId: Uint8Array;
  /** Contracts the receipt may name: one, or for a failed deployment also none. */
  readonly contracts: readonly Uint8Array[];
  /** The newest state seen when the request was sent. */
  readonly floor: Floor;
}

/**
 * Verifies a reply and takes note of its height.
 *
 * @throws {@link HermeticError} `REPLY_SIGNATURE`, `REPLY_MALFORMED`, `ROLLBACK` or `FORK`; or as
 *   `TrustedWorkers.refresh` does when the worker has restarted.
 */
export async function verifyReply(
  checks: Checks,
  answered: Answered,
  reply: Reply,
): Promise<Proof> {
  const { head } = reply;
  if (head.height !== reply.height) throw clientError("REPLY_MALFORMED");
  const signed = await whoSigned(checks, answered, reply);
  checks.heads.accept(head, answered.floor);
  const kind = answered.kind === "command" ? "receipt" : "head";
  const { requestId } = answered;
  const { worker, contract, isCurrent } = signed;
  return proofOf(checks.primitives, worker, { kind, requestId, contract, isCurrent }, reply);
}

interface Signature {
  readonly worker: WorkerIdentity;
  readonly contract: Uint8Array;
  readonly isCurrent: boolean;
}

/** @throws {@link HermeticError} `REPLY_SIGNATURE` if no enclave that we trust did. */
async function whoSigned(checks: Checks, answered: Answered, reply: Reply): Promise<Signature> {
  const { workers } = checks;
  const known = workers.ofBoot(reply.head.bootEpoch);
  const before = known && signedContract(checks, known, answered, reply);
  if (known !== undefined && before !== undefined) {
    return { worker: known, contract: before, isCurrent: true };
  }
  const worker = await workers.refresh();
  const contract = signedContract(checks, worker, answered, reply);
  if (contract !== undefined) return { worker, contract, isCurrent: true };
  const [named] = answered.contracts;
  if (named === undefined || !isBetweenBoots(worker, answered, reply)) {
    throw clientError("REPLY_SIGNATURE");
  }
  return { worker, contract: named, isCurrent: false };
}

/**
 * Whether the signer was a boot that came and went before this client could see its evidence.
 *
 * A command outlives the enclave that executed it, and so does its reply. That one was made by an
 * enclave of this cluster is proven by its seal; which one it was cannot be told any more. A boot that
 * ended before it was logged leaves its number to the next one, which has another key.
 */
function isBetweenBoots(worker: WorkerIdentity, answered: Answered, { head }: Reply): boolean {
  return (
    answered.kind !== "query" &&
    head.bootEpoch > answered.floor.bootEpoch &&
    head.bootEpoch <= worker.info.bootEpoch &&
    equalBytes(head.measurement, worker.info.evidence.measurement)
  );
}

/** The contract for which this worker's signature holds; nothing if it holds for none. */
function signedContract(
  { primitives, signatures }: Checks,
  worker: WorkerIdentity,
  answered: Answered,
  reply: Reply,
): Uint8Array | undefined {
  const { info } = worker;
  const { head, outcome, codeHash, signature, receipts } = reply;
  const isSameBoot = head.bootEpoch === info.bootEpoch;
  if (!isSameBoot || !equalBytes(head.measurement, info.evidence.measurement)) return undefined;
  const { requestId, contracts } = answered;
  return contracts.find((contract) => {
    if (answered.kind !== "command") {
      return signatures.verify(info.workerKey, headStatement(info, head), signature);
    }
    const receipt = { requestId, contract, codeHash, outcome, ...head };
    const hash = primitives.sha256(receiptStatement(primitives, info, receipt));
    if (!receipts.some((one) => equalBytes(one, hash))) return false;
    const statement = receiptsStatement(receipts);
    return signatures.verify(info.workerKey, statement, signature);
  });
}
