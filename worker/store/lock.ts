/**
 * One process per data directory.
 *
 * Two workers on one directory would append to one log without knowing of each other. SQLite takes the
 * lock because Node has no file locks of its own; the kernel lets go of it when the process dies, so
 * there is never a stale lock to remove.
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import { WorkerError } from "#worker/error.ts";

export interface Lock {
  release(): void;
}

const SQLITE_BUSY = 5;

/**
 * Keeps workers away from a directory while it is read, and writes nothing into it.
 *
 * @throws {@link WorkerError} `DATA_LOCKED` while a worker has it.
 */
export function keepAway(path: string): Lock {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: 0, readOnly: true });
    database.exec("BEGIN; SELECT count(*) FROM sqlite_master");
  } catch (error) {
    database?.close();
    if (isBusy(error)) throw new WorkerError("DATA_LOCKED", { subject: path, cause: error });
    // Without a lock, or with one that a crash has left, there is no worker either.
    return { release: () => undefined };
  }
  const held = database;
  return { release: () => held.close() };
}

function isBusy(error: unknown): boolean {
  return (error as { errcode?: number }).errcode === SQLITE_BUSY;
}

/**
 * Takes the lock, or fails at once.
 *
 * @throws {@link WorkerError} `DATA_LOCKED` while another process has it.
 */
export function lock(path: string): Lock {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: 0 });
    database.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (error) {
    database?.close();
    const reason = isBusy(error) ? "DATA_LOCKED" : "DATA_READ";
    throw new WorkerError(reason, { subject: path, cause: error });
  }
  const held = database;
  return { release: () => held.close() };
}
