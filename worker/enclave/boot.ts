/**
 * The start-up conversation: gives the enclave its keys, its state and the log, in that order.
 *
 * The enclave checks all of it; what it does not accept ends the start with the fault it names.
 *
 * @module
 */
import type { EnclaveToWorkerReady } from "#protocol/messages.ts";
import type { EnclaveLink } from "#worker/enclave/link.ts";
import type { Mailbox } from "#worker/enclave/mailbox.ts";
import { WorkerError } from "#worker/error.ts";
import type { LogEngine } from "#worker/log/engine.ts";
import type { Deltas } from "#worker/store/deltas.ts";
import type { DataDirectory } from "#worker/store/directory.ts";
import { readSnapshot } from "#worker/store/snapshots.ts";

/** Milliseconds until the process must have said its first word; it takes a fifth of a second. */
const FIRST_ANSWER_TIMEOUT_MS = 30_000;

export interface BootMaterial {
  readonly data: DataDirectory;
  readonly log: LogEngine;
  readonly deltas: Deltas;
  /** Height of the snapshot to start from; 0 for none. */
  readonly snapshotHeight: number;
  readonly rebuild: boolean;
}

/**
 * Holds the conversation up to `ready`.
 *
 * @throws {@link WorkerError} `ENCLAVE_REFUSED` with the fault's number, or another `ENCLAVE_…`, `DATA_…` or `LOG_…`.
 */
export async function bootEnclave(
  link: EnclaveLink,
  mailbox: Mailbox,
  { data, log, deltas, snapshotHeight, rebuild }: BootMaterial,
): Promise<EnclaveToWorkerReady> {
  const { hardwareSecret, sealedCluster, config } = data;
  const logHeight = log.height;
  const boot = { type: "boot", hardwareSecret, config, logHeight, rebuild } as const;
  link.send(sealedCluster === undefined ? boot : { ...boot, sealedCluster });
  const booted = await mailbox.next("booted", FIRST_ANSWER_TIMEOUT_MS);
  if (booted.sealedCluster !== undefined) await data.storeSealedCluster(booted.sealedCluster);

  if (snapshotHeight > 0) {
    for await (const sealed of readSnapshot(data.path, snapshotHeight)) {
      link.send({ type: "snapshot-piece", sealed });
      await link.drained();
    }
  }
  link.send({ type: "restored", part: "snapshot" });
  for await (const { bytes } of deltas.read(snapshotHeight)) {
    link.send({ type: "delta", sealed: bytes });
    if (link.waitingBytes > 0) await link.drained();
  }
  link.send({ type: "restored", part: "deltas" });

  const { fromHeight } = await mailbox.next("restoring");
  for await (const { firstHeight, entries } of log.read(fromHeight)) {
    link.send({ type: "entries", firstHeight, entries });
    await link.drained();
  }
  link.send({ type: "restored", part: "entries" });
  const ready = await mailbox.next("ready");
  if (ready.height !== log.height) {
    const facts = { enclaveHeight: ready.height, logHeight: log.height };
    throw new WorkerError("ENCLAVE_PROTOCOL", { facts });
  }
  return ready;
}
