/**
 * Opening a session: from an HPKE envelope to an account whose wallet signed for it.
 *
 * @module
 */
import type { Envelope } from "#protocol/envelope.ts";
import { Fault } from "#protocol/fault.ts";
import { CERTIFICATE_AGE_MS_MAX, SESSION_IDLE_MS } from "#protocol/limits.ts";
import { unpad } from "#protocol/padding.ts";
import { parseCertificate } from "#protocol/request.ts";
import { ENCAPSULATED_BYTES, hpkeReceive } from "#crypto/hpke.ts";
import type { Primitives } from "#crypto/primitives.ts";
import { sessionId, sessionInfo, sessionSecret } from "#crypto/session-keys.ts";
import { sessionCertificate, type ClusterName } from "#crypto/statements.ts";
import type { NewSession } from "#session/sessions.ts";
/**
 * Milliseconds a session's entry may wait for its place in the log. One certificate may be admitted
 * twice, as far apart as its date allows: when the session that the earlier entry opened can be
 * forgotten, the later one must be too old already.
 */
export const SESSION_ENTRY_AGE_MS_MAX: number = SESSION_IDLE_MS - 2 * CERTIFICATE_AGE_MS_MAX;

/**
 * Opens a session request.
 *
 * @param secret - The cluster's X25519 secret key of this epoch.
 * @param timeMs - The cluster's time.
 * @throws {@link Fault} `ENVELOPE_MALFORMED` if there is no whole encapsulated key.
 * @throws {@link Fault} `SESSION_KEY` if the encapsulated key is a low-order point.
 * @throws {@link Fault} `ENVELOPE_UNOPENED` if the seal is wrong.
 * @throws {@link Fault} `SESSION_CERTIFICATE` if the certificate is malformed, forged or dated wrongly.
 */
export function openCertificate(
  primitives: Primitives,
  name: ClusterName,
  secret: Uint8Array,
  envelope: Envelope,
  timeMs: number,
): NewSession {
  const encapsulated = envelope.sealed.slice(0, ENCAPSULATED_BYTES);
  if (encapsulated.length !== ENCAPSULATED_BYTES) throw new Fault("ENVELOPE_MALFORMED");
  const context = hpkeReceive(primitives, secret, encapsulated, sessionInfo(name));
  if (context === undefined) throw new Fault("SESSION_KEY");
  const body = envelope.sealed.subarray(ENCAPSULATED_BYTES);
  const padded = primitives.aesGcmOpen(context.key, context.nonce, envelope.aad, body);
  if (padded === undefined) throw new Fault("ENVELOPE_UNOPENED");
  const certificate = parseCertificate(unpad(padded, "SESSION_CERTIFICATE"));
  const { account, issuedAtMs, signature } = certificate;
  if (Math.abs(timeMs - issuedAtMs) > CERTIFICATE_AGE_MS_MAX) {
    throw new Fault("SESSION_CERTIFICATE", { limit: CERTIFICATE_AGE_MS_MAX });
  }
  const statement = sessionCertificate(name, encapsulated, issuedAtMs);
  if (!primitives.ed25519Verify(account, statement, signature)) {
    throw new Fault("SESSION_CERTIFICATE");
  }
  return { id: sessionId(primitives, encapsulated), account, secret: sessionSecret(context) };
}
