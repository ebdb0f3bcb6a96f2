/**
 * Snapshot files: the sealed pieces of one snapshot, complete or absent.
 *
 * Pieces go into a draft as the enclave makes them; the draft gets its name only when it is durable.
 *
 * @module
 */
import { readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { WorkerError } from "#worker/error.ts";
import { RecordFile } from "#worker/log/record-file.ts";
import { removeFile, syncDirectory, writeError } from "#worker/store/whole-file.ts";

const NAME = /^snapshot-(\d{1,15})$/;

function fileOf(directory: string, height: number): string {
  return join(directory, `snapshot-${height}`);
}

/** Heights of the snapshots that are there, newest first. */
export async function listSnapshots(directory: string): Promise<number[]> {
  const heights: number[] = [];
  for (const name of await readdir(directory)) {
    const match = NAME.exec(name);
    if (match !== null) heights.push(Number(match[1]));
  }
  return heights.sort((a, b) => b - a);
}

/** Writes one snapshot, piece by piece. */
export class SnapshotDraft {
  readonly height: number;
  readonly #directory: string;
  readonly #file: RecordFile;
  #pieces = 0;

  private constructor(directory: string, height: number, file: RecordFile) {
    this.#directory = directory;
    this.height = height;
    this.#file = file;
  }

  static async create(directory: string, height: number): Promise<SnapshotDraft> {
    const draft = `${fileOf(directory, height)}.tmp`;
    await removeFile(draft);
    return new SnapshotDraft(directory, height, await RecordFile.open(draft, { kind: "S" }));
  }

  get pieces(): number {
    return this.#pieces;
  }

  async add(sealed: Uint8Array): Promise<void> {
    this.#pieces++;
    await this.#file.append([{ number: this.#pieces, bytes: sealed }]);
  }

  /** Makes it the snapshot of its height. The last record says how many pieces there must be. */
  async finish(): Promise<void> {
    const count = Buffer.alloc(6);
    count.writeUIntBE(this.#pieces, 0, 6);
    await this.#file.append([{ number: this.#pieces + 1, bytes: count }]);
    await this.#file.close();
    try {
      await rename(this.#file.path, fileOf(this.#directory, this.height));
      await syncDirectory(this.#directory);
    } catch (error) {
      throw writeError(this.#file.path, error);
    }
  }

  async abandon(): Promise<void> {
    await this.#file.close();
    await removeFile(this.#file.path);
  }
}

/**
 * The pieces of a snapshot, in order.
 *
 * @throws {@link WorkerError} `DATA_DAMAGED` if one is broken or missing.
 */
export async function* readSnapshot(directory: string, height: number): AsyncGenerator<Uint8Array> {
  const path = fileOf(directory, height);
  const damaged = new WorkerError("DATA_DAMAGED", { subject: path });
  let records = 0;
  let total = -1;
  const file = await RecordFile.open(path, {
    kind: "S",
    isComplete: true,
    visit: ({ number, bytes }) => {
      if (number !== ++records) throw damaged;
      total = bytes.length === 6 ? Buffer.from(bytes).readUIntBE(0, 6) : -1;
    },
    judge: ({ kind }) => {
      if (kind !== "clean" || total < 1 || total !== records - 1) throw damaged;
    },
  });
  try {
    for await (const { number, bytes } of file.readAll()) if (number <= total) yield bytes;
  } finally {
    await file.close();
  }
}

/** Removes drafts, and snapshots older than `keepFrom`. */
export async function removeSnapshots(directory: string, keepFrom: number): Promise<void> {
  for (const name of await readdir(directory)) {
    const height = Number(NAME.exec(name)?.[1] ?? Number.NaN);
    const isDraft = name.startsWith("snapshot-") && name.endsWith(".tmp");
    if (isDraft || height < keepFrom) await removeFile(join(directory, name));
  }
  await syncDirectory(directory);
}
