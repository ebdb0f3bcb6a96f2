/**
 * The newest state each cluster has shown to a key, in a file beside it.
 *
 * Every run of the command is a new client; with this memory it notices a worker that was rolled back
 * between two runs.
 *
 * @module
 */
import { randomUUID } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { HeadStore, RememberedHead } from "#sdk/client/index.ts";
import { systemCode, WorkerError } from "#worker/error.ts";

type Heads = Readonly<Record<string, RememberedHead>>;

const MODE = 0o600;
/** Where nothing can be written, the command works without a memory of its own. */
const READ_ONLY = ["EROFS", "EACCES", "EPERM"];

export function headsBeside(keyPath: string): HeadStore {
  const path = `${keyPath}.seen`;
  return {
    load: (cluster) => read(path)[cluster],
    save: (cluster, head) => {
      const heads = read(path);
      if ((heads[cluster]?.height ?? 0) > head.height) return;
      write(path, { ...heads, [cluster]: head });
    },
  };
}

function read(path: string): Heads {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    if (systemCode(cause) === "ENOENT") return {};
    throw new WorkerError("FILE_UNREADABLE", { subject: path, cause });
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Heads; // checked by the client
  } catch (cause) {
    throw new WorkerError("FILE_UNREADABLE", { subject: path, cause });
  }
  throw new WorkerError("FILE_UNREADABLE", { subject: path });
}

function write(path: string, heads: Heads): void {
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    writeFileSync(draft, `${JSON.stringify(heads, undefined, 2)}\n`, { mode: MODE });
    renameSync(draft, path);
  } catch (cause) {
    if (READ_ONLY.includes(systemCode(cause) ?? "")) return;
    throw new WorkerError("FILE_UNWRITABLE", { subject: path, cause });
  }
}
