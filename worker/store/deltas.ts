/**
 * `deltas`: what each step changed since the last snapshot, sealed, in order of height.
 *
 * Deltas only save time: the log holds all that is needed to make them again. So a torn end is cut, and
 * what reaches further than the receipts is cut too, because executing again also makes those again.
 *
 * @module
 */
import { rename } from "node:fs/promises";
import { dirname } from "node:path";
import { WorkerError } from "#worker/error.ts";
import type { FileRecord } from "#worker/log/record.ts";
import { RecordFile } from "#worker/log/record-file.ts";
import { removeFile, syncDirectory, writeError } from "#worker/store/whole-file.ts";

/** Records written at once when the file is rewritten. */
const COPY_BYTES = 4 * 1024 * 1024;

export class Deltas {
  #file: RecordFile;
  #height: number;

  private constructor(file: RecordFile, height: number) {
    this.#file = file;
    this.#height = height;
  }

  /** @throws {@link WorkerError} `DATA_DAMAGED`, `DATA_FORMAT` or `DATA_READ`, as {@link RecordFile.open}. */
  static async open(path: string): Promise<Deltas> {
    let height = 0;
    const file = await RecordFile.open(path, {
      kind: "D",
      visit: ({ number }) => {
        if (number <= height) throw new WorkerError("DATA_DAMAGED", { subject: path });
        height = number;
      },
    });
    return new Deltas(file, height);
  }

  /** Height of the last one; 0 when there is none. */
  get height(): number {
    return this.#height;
  }

  get bytes(): number {
    return this.#file.bytes;
  }

  get tornBytes(): number {
    return this.#file.tornBytes;
  }

  async append(deltas: readonly FileRecord[]): Promise<void> {
    await this.#file.append(deltas);
    this.#height = deltas.at(-1)?.number ?? this.#height;
  }

  /** Those after one height, in order. */
  async *read(afterHeight: number): AsyncGenerator<FileRecord> {
    for await (const { number, bytes } of this.#file.readAll()) {
      if (number > afterHeight) yield { number, bytes };
    }
  }

  /** Rewrites the file so that only deltas above `after` and up to `through` remain. */
  async keep(after: number, through: number = Number.MAX_SAFE_INTEGER): Promise<void> {
    const { path } = this.#file;
    const draft = `${path}.tmp`;
    await removeFile(draft);
    const next = await RecordFile.open(draft, { kind: "D" });
    let height = 0;
    try {
      height = await this.#copy(next, after, through);
    } finally {
      await next.close();
    }
    await this.#file.close();
    try {
      await rename(draft, path);
      await syncDirectory(dirname(path));
    } catch (error) {
      throw writeError(path, error);
    }
    this.#file = await RecordFile.open(path, { kind: "D" });
    this.#height = height;
  }

  /** @returns Height of the last delta that was copied; 0 for none. */
  async #copy(next: RecordFile, after: number, through: number): Promise<number> {
    let height = 0;
    let batch: FileRecord[] = [];
    let bytes = 0;
    for await (const delta of this.read(after)) {
      if (delta.number > through) break;
      batch.push(delta);
      bytes += delta.bytes.length;
      height = delta.number;
      if (bytes < COPY_BYTES) continue;
      await next.append(batch);
      batch = [];
      bytes = 0;
    }
    if (batch.length > 0) await next.append(batch);
    return height;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
