/**
 * Log entries made by hand, sealed as the cluster's own enclave would: for histories that take too
 * long to live through, and for entries no honest enclave makes.
 *
 * @module
 */
import { createSimulatedTee } from "#attest/simulated.ts";
import { openCluster, type Cluster } from "#exec/cluster.ts";
import { sealEntry, type Entry } from "#exec/entry.ts";
import type { Position } from "#exec/history.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import { MEASUREMENT, systemEntropy, type Operator } from "#test/support/operator.ts";

/** The position before the first entry: what an enclave that had seen nothing would name. */
export const START: Position = { height: 0, digest: new Uint8Array(32) };

/** The cluster's keys, which only its enclaves have: a test plays the hardware to get them. */
export function clusterOf(operator: Operator): Cluster {
  const { hardwareSecret, sealedCluster } = operator.bootMessage();
  if (sealedCluster === undefined) throw new Error("the cluster does not exist yet");
  const key = createSimulatedTee(nodePrimitives, MEASUREMENT).sealingKey(hardwareSecret);
  return openCluster(nodePrimitives, systemEntropy, key, sealedCluster);
}

/** Seals an entry for the log. */
export function sealed(operator: Operator, entry: Entry): Uint8Array {
  const { entries, name } = clusterOf(operator);
  return sealEntry(entries, name, { entry, after: START });
}
