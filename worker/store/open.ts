/**
 * Opens all files of a data directory together, in an order that lets each check the next.
 *
 * Receipts tell how far the deltas count; both tell how far the log must reach. So a log that ends early
 * is damage, not a torn write, and is never cut.
 *
 * @module
 */
import { WorkerError } from "#worker/error.ts";
import { EmbeddedLog } from "#worker/log/embedded.ts";
import type { Report } from "#worker/report.ts";
import type { RequestedConfig } from "#worker/store/config.ts";
import { Deltas } from "#worker/store/deltas.ts";
import { DataDirectory } from "#worker/store/directory.ts";
import { Receipts } from "#worker/store/receipts.ts";
import { listSnapshots, removeSnapshots } from "#worker/store/snapshots.ts";
import { WriteBehind } from "#worker/store/write-behind.ts";

export interface OpenStore {
  readonly data: DataDirectory;
  readonly log: EmbeddedLog;
  readonly deltas: Deltas;
  readonly receipts: Receipts;
  readonly writeBehind: WriteBehind;
  /** Height of the newest snapshot; 0 for none. */
  readonly snapshotHeight: number;
  /** Writes what waits and closes everything. */
  close(): Promise<void>;
}

export interface OpenStoreOptions {
  readonly config: RequestedConfig;
  /** Throw away all that the log can make again. */
  readonly rebuild: boolean;
  readonly report: Report;
}

/** @throws {@link WorkerError} `DATA_…` or `LOG_DAMAGED`; nothing stays open. */
export async function openStore(path: string, options: OpenStoreOptions): Promise<OpenStore> {
  const { config, rebuild, report } = options;
  const data = await DataDirectory.open(path, config);
  const opened: { close(): unknown }[] = [data];
  try {
    // The log is verified before anything is removed that it has to replace.
    if (rebuild) {
      const confirmedHeight = await readableHeight(data);
      const log = await EmbeddedLog.open(data.file("log/entries"), { confirmedHeight });
      await log.close();
      await data.removeDerived();
    }
    const receipts = await Receipts.open(data.path);
    opened.push(receipts);
    const deltas = await Deltas.open(data.file("deltas"));
    opened.push(deltas);
    await removeSnapshots(data.path, 0);
    const [snapshotHeight = 0] = await listSnapshots(data.path);
    const confirmedHeight = Math.max(receipts.height, deltas.height, snapshotHeight);
    const log = await EmbeddedLog.open(data.file("log/entries"), { confirmedHeight });
    opened.push(log);
    data.checkCluster(log.height);
    if (deltas.height > receipts.height) await deltas.keep(0, receipts.height);
    for (const file of [log, deltas]) {
      if (file.tornBytes === 0) continue;
      const name = file === log ? "log/entries" : "deltas";
      report.warn("torn-write-cut", { file: name, bytes: file.tornBytes, height: file.height });
    }
    const writeBehind = new WriteBehind(receipts, deltas);
    const close = async (): Promise<void> => {
      await writeBehind.close();
      await closeAll(opened);
    };
    return { data, log, deltas, receipts, writeBehind, snapshotHeight, close };
  } catch (error) {
    await closeAll(opened);
    throw error;
  }
}

/**
 * How far the log must reach, by what was made from it and can still be read: without that, entries which
 * were confirmed would be cut off with nobody the wiser.
 */
async function readableHeight(data: DataDirectory): Promise<number> {
  const [snapshotHeight = 0] = await listSnapshots(data.path);
  let confirmedHeight = snapshotHeight;
  const files = [() => Receipts.open(data.path), () => Deltas.open(data.file("deltas"))];
  for (const open of files) {
    try {
      const file = await open();
      confirmedHeight = Math.max(confirmedHeight, file.height);
      await file.close();
    } catch (error) {
      // It is broken, and about to be made again.
      if (!(error instanceof WorkerError)) throw error;
    }
  }
  return confirmedHeight;
}

async function closeAll(opened: readonly { close(): unknown }[]): Promise<void> {
  for (const one of opened.toReversed()) await one.close();
}
