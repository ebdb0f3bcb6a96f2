/**
 * Decides whether a worker is an enclave that we trust, from its info and evidence.
 *
 * Everything in the info came through the operator's hands. After this function returns, its keys,
 * boot, configuration and measurement are vouched for; its height, digest and time are still hints.
 *
 * @module
 */
import { equalBytes, toHex } from "#protocol/bytes.ts";
import type { WorkerInfo } from "#protocol/info.ts";
import type { Primitives } from "#crypto/primitives.ts";
import {
  clusterName,
  FIRST_EPOCH,
  reportData,
  simulatedEvidence,
  simulatedRoot,
} from "#crypto/statements.ts";
import { clientError } from "#sdk/client/errors/client-error.ts";
import type { TrustPolicy } from "#sdk/client/trust/policy.ts";

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
  const root = simulatedRoot(primitives).publicKey;
  if (!primitives.ed25519Verify(root, statement, evidence.signature)) {
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
