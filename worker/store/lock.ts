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
    const busy = (error as { errcode?: number }).errcode === SQLITE_BUSY;
    throw new WorkerError(busy ? "DATA_LOCKED" : "DATA_READ", { subject: path, cause: error });
  }
  const held = database;
  return { release: () => held.close() };
}
