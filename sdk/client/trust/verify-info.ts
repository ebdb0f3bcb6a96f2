/**
 * Decides whether a worker is an enclave that we trust, from its info and evidence.
 *
 * Everything in the info came through the operator's hands. After this function returns, its keys,
 * boot, configuration and measurement are vouched for; its height, digest and time are still hints.
 *
 * @module
 */
import { equalBytes, framed, toHex } from "#protocol/bytes.ts";
import type { WorkerInfo } from "#protocol/info.ts";
import { labels } from "#crypto/labels.ts";
import type { Primitives } from "#crypto/primitives.ts";
import { clusterName, reportData, simulatedEvidence } from "#crypto/statements.ts";
import { clientError } from "#sdk/client/errors/client-error.ts";
import type { TrustPolicy } from "#sdk/client/trust/policy.ts";

/** The epoch whose key, with the configuration, gives a cluster its name. */
const FIRST_EPOCH = 1;

/**
 * @returns Whether the enclave is simulated.
 * @throws {@link HermeticError} `SIMULATED_REFUSED`, `MEASUREMENT_REFUSED`, `EVIDENCE_INVALID`,
 *   `EVIDENCE_FOREIGN` or `CLUSTER_NAME`.
 */
export function verifyInfo(
  primitives: Primitives,
  policy: TrustPolicy,
  untrustedInfo: WorkerInfo,
): boolean {
  const { evidence } = untrustedInfo;
  if (!equalBytes(evidence.reportData, reportData(primitives, untrustedInfo))) {
    throw clientError("EVIDENCE_FOREIGN");
  }
  const statement = simulatedEvidence(evidence.measurement, evidence.reportData);
  if (!primitives.ed25519Verify(simulatedRoot(primitives), statement, evidence.signature)) {
    throw clientError("EVIDENCE_INVALID");
  }
  if (!policy.allowSimulated) throw clientError("SIMULATED_REFUSED");
  const { measurements } = policy;
  if (measurements?.some((each) => equalBytes(each, evidence.measurement)) === false) {
    throw clientError("MEASUREMENT_REFUSED", `it is ${toHex(evidence.measurement)}`);
  }
  const { cluster, clusterKey, config, epoch } = untrustedInfo;
  const name = clusterName(primitives, clusterKey, config);
  // Of a later epoch the key is another one; the name is then vouched for by the evidence alone.
  if (epoch === FIRST_EPOCH && !equalBytes(cluster, name)) throw clientError("CLUSTER_NAME");
  return true;
}

/** Public key of the root that vouches for simulated enclaves; everybody can compute its secret. */
function simulatedRoot(primitives: Primitives): Uint8Array {
  return primitives.ed25519Signer(primitives.sha256(framed(labels.simulatedRoot))).publicKey;
}
