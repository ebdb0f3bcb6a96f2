/**
 * Reads the data directory of a worker into a world, and leaves the directory as it is.
 *
 * It is copied, and the copy is opened by the worker's own code: what a worker would refuse is refused
 * here, and what it would cut off is cut off in the copy. What is sealed stays sealed; the simulated
 * hardware's secret, which lies beside it, opens it in the world's enclave as in the worker's.
 *
 * @module
 */
import { cpSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { ClusterConfig } from "#protocol/info.ts";
import { HermeticError } from "#sdk/client/errors/hermetic-error.ts";
import { kitError } from "#sdk/testing/errors/kit-error.ts";
import { Disk } from "#sdk/testing/operator/disk.ts";
import { WorkerError } from "#worker/error.ts";
import { createReport } from "#worker/report.ts";
import { keepAway } from "#worker/store/lock.ts";
import { openStore, type OpenStore } from "#worker/store/open.ts";
import { readSnapshot } from "#worker/store/snapshots.ts";

/** What a world goes on from. */
export interface Fork {
  readonly disk: Disk;
  readonly config: ClusterConfig;
}

/**
 * @param path - A data directory that no worker is using.
 * @throws {@link HermeticError} `FORK_UNKNOWN` if there is none, `FORK_SEALED` if what would open it is not
 *   there, or with the worker's own code if it is in use or damaged.
 */
export async function readDataDirectory(path: string): Promise<Fork> {
  if (statSync(join(path, "cluster.sealed"), { throwIfNoEntry: false }) === undefined) {
    throw kitError("FORK_UNKNOWN", path);
  }
  if (statSync(join(path, "simulated-tee/secret"), { throwIfNoEntry: false }) === undefined) {
    throw kitError("FORK_SEALED", path);
  }
  const copy = mkdtempSync(join(tmpdir(), "hermetic-fork-"));
  try {
    copyQuietly(path, copy);
    const store = await openStore(copy, { config: {}, rebuild: false, report: silent });
    try {
      return await readStore(store);
    } finally {
      await store.close();
    }
  } catch (error) {
    if (!(error instanceof WorkerError)) throw error;
    const detail = (error.subject ?? "").replace(copy, path);
    throw new HermeticError(error.code, {
      kind: "usage",
      detail,
      facts: error.facts,
      cause: error,
    });
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

const silent = createReport(() => undefined, false);

function copyQuietly(from: string, to: string): void {
  const held = keepAway(join(from, "lock"));
  try {
    const isLock = (name: string): boolean => /^lock(-journal)?$/.test(basename(name));
    cpSync(from, to, { recursive: true, filter: (name) => !isLock(name) });
  } finally {
    held.release();
  }
}

async function readStore({ data, log, deltas, snapshotHeight }: OpenStore): Promise<Fork> {
  const disk = new Disk(new Uint8Array(data.hardwareSecret));
  // A cluster's keys are there: the directory would not be one without.
  disk.sealedCluster = new Uint8Array(data.sealedCluster ?? []);
  if (snapshotHeight > 0) {
    const pieces: Uint8Array[] = [];
    for await (const piece of readSnapshot(data.path, snapshotHeight)) {
      pieces.push(new Uint8Array(piece));
    }
    disk.snapshot = { height: snapshotHeight, pieces };
  }
  for await (const { number, bytes } of deltas.read(snapshotHeight)) {
    disk.deltas.push({ height: number, sealed: new Uint8Array(bytes) });
  }
  for await (const { entries } of log.read(1)) {
    for (const entry of entries) disk.append(new Uint8Array(entry));
  }
  return { disk, config: data.config };
}
