/**
 * The contracts' state and secrets, opened from the operator's disk.
 *
 * Only a test can do this: it knows the simulated hardware's secret. It goes by way of the sealed
 * snapshot and deltas, so the enclave needs no door for it.
 *
 * @module
 */
import { createSimulatedTee } from "#attest/simulated.ts";
import { openCluster } from "#exec/cluster.ts";
import { SECRET_PREFIX } from "#exec/records.ts";
import { DIGEST_BYTES, SYSTEM_NAMESPACE } from "#exec/replica.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import { toHex } from "#protocol/bytes.ts";
import { openDelta } from "#seal/delta.ts";
import { SnapshotReader } from "#seal/snapshot.ts";
import type { Write } from "#seal/writes.ts";
import { randomBytes } from "#sdk/testing/enclave/entropy.ts";
import type { Disk } from "#sdk/testing/operator/disk.ts";

/** Values by contract address and key, both in hexadecimal. Sessions and records are left out. */
export type ContractStates = ReadonlyMap<string, ReadonlyMap<string, Uint8Array>>;

const SYSTEM = toHex(SYSTEM_NAMESPACE);
const SECRETS = toHex(SECRET_PREFIX);

/** @throws {@link Fault} `SEAL_…` if the disk is not what the enclave sealed. */
export function openStates(disk: Disk): ContractStates {
  const states = openAll(disk);
  states.delete(SYSTEM);
  return states;
}

/**
 * The secrets of all contracts; their names are not stored.
 *
 * @throws {@link Fault} `SEAL_…` if the disk is not what the enclave sealed.
 */
export function openSecrets(disk: Disk): string[] {
  const system = openAll(disk).get(SYSTEM) ?? new Map<string, Uint8Array>();
  const stored = [...system].filter(([key]) => key.startsWith(SECRETS));
  return stored.map(([, value]) => Buffer.from(value).toString("utf8"));
}

function openAll(disk: Disk): Map<string, Map<string, Uint8Array>> {
  const { hardwareSecret, sealedCluster, snapshot, deltas } = disk;
  const states = new Map<string, Map<string, Uint8Array>>();
  if (sealedCluster === undefined) return states;
  const tee = createSimulatedTee(nodePrimitives, new Uint8Array(DIGEST_BYTES));
  const key = tee.sealingKey(hardwareSecret);
  const cluster = openCluster(nodePrimitives, randomBytes, key, sealedCluster);
  const reader = new SnapshotReader(cluster.state, cluster.name);
  for (const piece of snapshot?.pieces ?? []) apply(states, reader.push(piece));
  const header = reader.finish();
  let height = header?.height ?? 0;
  let digest = header?.digest ?? new Uint8Array(DIGEST_BYTES);
  for (const { sealed } of deltas) {
    const delta = openDelta(cluster.state, cluster.name, sealed, height, digest);
    apply(states, delta.writes);
    height = delta.lastHeight;
    digest = delta.digest;
  }
  return states;
}

function apply(states: Map<string, Map<string, Uint8Array>>, writes: Iterable<Write>): void {
  for (const { namespace, key, value } of writes) {
    const address = toHex(namespace);
    const state = states.get(address) ?? new Map<string, Uint8Array>();
    states.set(address, state);
    if (key.length === 0) states.delete(address);
    else if (value === undefined) state.delete(toHex(key));
    else state.set(toHex(key), value);
  }
}
