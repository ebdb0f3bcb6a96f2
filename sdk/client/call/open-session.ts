/**
 * Opens a session: an HPKE exchange with the cluster's verified key, and a certificate by the wallet.
 *
 * @module
 */
import { apiPaths } from "#protocol/api.ts";
import { concat } from "#protocol/bytes.ts";
import { encodeEnvelopeHeader, NO_CONTRACT } from "#protocol/envelope.ts";
import { faults } from "#protocol/faults.ts";
import { pad } from "#protocol/padding.ts";
import { encodeCertificate } from "#protocol/request.ts";
import { hpkeSend } from "#crypto/hpke.ts";
import {
  deriveSessionKeys,
  SESSION_ID_BYTES,
  sessionId,
  sessionInfo,
  sessionSecret,
} from "#crypto/session-keys.ts";
import { sessionCertificate } from "#crypto/statements.ts";
import type { Connection } from "#sdk/client/call/connection.ts";
import { Session } from "#sdk/client/call/session.ts";
import { verifyReply } from "#sdk/client/call/verify-reply.ts";
import { clientError } from "#sdk/client/errors/client-error.ts";
import { clearFaultError } from "#sdk/client/errors/fault-error.ts";
import { Deadline } from "#sdk/client/transport/deadline.ts";
import { deliver } from "#sdk/client/transport/deliver.ts";
import type { WorkerIdentity } from "#sdk/client/trust/identity.ts";
import type { AccountSigner } from "#sdk/client/wallet.ts";

/** Faults that newer info cures: the cluster has new keys, or our idea of its time is off. */
const CURED_BY_INFO: ReadonlySet<number> = new Set([
  faults.ENVELOPE_EPOCH.number,
  faults.SESSION_CERTIFICATE.number,
]);

/**
 * Opens a session for an account.
 *
 * @throws {@link HermeticError} of the kinds trust, unreachable or fault.
 */
export async function openSession(connection: Connection, signer: AccountSigner): Promise<Session> {
  const deadline = new Deadline(connection.timeoutMs);
  for (let attempt = 0; ; attempt++) {
    const { session, envelope } = await request(connection, signer);
    const requestId = connection.primitives.sha256(envelope);
    const floor = connection.heads.floor();
    const delivery = { path: apiPaths.session, envelope, requestId, matters: false };
    const delivered = await deliver(connection.transport, delivery, deadline);
    if (delivered.kind === "refused") {
      const isCurable = CURED_BY_INFO.has(delivered.fault.number);
      if (attempt > 0 || !isCurable) throw clearFaultError(delivered.fault);
      await connection.workers.refresh();
      continue;
    }
    const reply = session.open("command", requestId, delivered.sealed);
    const answered = { kind: "session", requestId, contracts: [NO_CONTRACT], floor } as const;
    await verifyReply(connection, answered, reply);
    if (reply.outcome.kind !== "returned") throw clientError("REPLY_MALFORMED");
    return session;
  }
}

/** A fresh exchange, sealed and signed. */
async function request(
  connection: Connection,
  signer: AccountSigner,
): Promise<{ readonly session: Session; readonly envelope: Uint8Array }> {
  const { primitives, entropy, workers } = connection;
  const { info } = workers.current;
  const name = { cluster: info.cluster, epoch: info.epoch };
  const sent = hpkeSend(primitives, entropy, info.clusterKey, sessionInfo(name));
  if (sent === undefined) throw clientError("CLUSTER_KEY");
  const { encapsulated, context } = sent;
  const issuedAtMs = clusterTimeMs(workers.current);
  const statement = sessionCertificate(name, encapsulated, issuedAtMs);
  const signature = await signer.sign(statement);
  const certificate = encodeCertificate({ account: signer.publicKey, issuedAtMs, signature });
  const aad = encodeEnvelopeHeader({
    ...name,
    kind: "session",
    session: new Uint8Array(SESSION_ID_BYTES),
    sequence: 0,
    contract: NO_CONTRACT,
  });
  const sealed = primitives.aesGcmSeal(context.key, context.nonce, aad, pad(certificate));
  const keys = deriveSessionKeys(primitives, sessionSecret(context));
  const id = sessionId(primitives, encapsulated);
  const session = new Session({ primitives, entropy }, name, id, keys);
  return { session, envelope: concat([aad, encapsulated, sealed]) };
}

/** The cluster's clock, as far as we know it: what it said, and the time since. */
function clusterTimeMs({ info, receivedAtMs }: WorkerIdentity): number {
  return Math.round(info.timeMs + (performance.now() - receivedAtMs));
}
