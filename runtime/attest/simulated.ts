/**
 * The simulated TEE: the same interface without the hardware.
 *
 * It protects nothing from the machine's owner, who knows the "hardware" secret. Its evidence is
 * signed by a root whose seed is the hash of a public label, so no policy can take it for real.
 *
 * @module
 */
import { deriveKey } from "#crypto/hkdf.ts";
import { labels } from "#crypto/labels.ts";
import type { Primitives } from "#crypto/primitives.ts";
import { simulatedEvidence, simulatedRoot } from "#crypto/statements.ts";
import type { Tee } from "#attest/tee.ts";

/** @param measurement - SHA-256 of the enclave bundle, 32 bytes. */
export function createSimulatedTee(primitives: Primitives, measurement: Uint8Array): Tee {
  const root = simulatedRoot(primitives);
  return {
    measurement,
    evidence: (reportData) => ({
      kind: "simulated",
      measurement,
      reportData,
      signature: root.sign(simulatedEvidence(measurement, reportData)),
    }),
    sealingKey: (untrustedSecret) => deriveKey(primitives, untrustedSecret, labels.sealingKey),
  };
}
