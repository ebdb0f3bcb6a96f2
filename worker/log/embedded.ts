/**
 * The embedded log: one append-only file in the data directory, for a cluster of one worker.
 *
 * Heights count from 1 without gaps. All entries are verified when it opens: a torn last batch is cut
 * and reported, any other damage stops the worker and names the height.
 *
 * @module
 */
import { WorkerError } from "#worker/error.ts";
import type { OpenFile } from "#worker/log/disk.ts";
import type { LogBatch, LogEngine } from "#worker/log/engine.ts";
import { RecordFile } from "#worker/log/record-file.ts";

/** Bytes written ahead at a time: a second of heavy traffic. */
const AHEAD_BYTES = 4 * 1024 * 1024;
/** Bytes of entries handed out at once, well under a frame of the pipe. */
const BATCH_BYTES = 4 * 1024 * 1024;
/** Entries handed out at once: what the enclave's parser takes in one message. */
const BATCH_ENTRIES = 16_384;
/** Heights between two known offsets: the most records skipped to find a height. */
const INDEX_STEP = 1024;

export interface EmbeddedLogOptions {
  /** Height that is known to have been confirmed; an end before it is damage, not a torn write. */
  readonly confirmedHeight?: number;
  readonly openFile?: OpenFile;
}

export class EmbeddedLog implements LogEngine {
  readonly #file: RecordFile;
  /** Offset of every `INDEX_STEP`th height, from height 1. */
  readonly #index: number[];
  #height: number;

  private constructor(file: RecordFile, index: number[], height: number) {
    this.#file = file;
    this.#index = index;
    this.#height = height;
  }

  /**
   * Opens and verifies the log, or creates an empty one.
   *
   * @throws {@link WorkerError} `LOG_DAMAGED` with the height of the first broken or missing entry.
   * @throws {@link WorkerError} `DATA_FORMAT`, `DATA_READ` or `DATA_WRITE`, as {@link RecordFile.open}.
   */
  static async open(path: string, options: EmbeddedLogOptions = {}): Promise<EmbeddedLog> {
    const { confirmedHeight = 0, openFile } = options;
    const index: number[] = [];
    let height = 0;
    const broken = (at: number) => {
      return new WorkerError("LOG_DAMAGED", { subject: path, facts: { height: at } });
    };
    const file = await RecordFile.open(path, {
      kind: "L",
      aheadBytes: AHEAD_BYTES,
      ...(openFile === undefined ? {} : { openFile }),
      visit: ({ number, offset }) => {
        if (number !== height + 1) throw broken(height + 1);
        if (height % INDEX_STEP === 0) index.push(offset);
        height = number;
      },
      judge: ({ kind }) => {
        if (kind === "damaged" || height < confirmedHeight) throw broken(height + 1);
      },
    });
    return new EmbeddedLog(file, index, height);
  }

  get height(): number {
    return this.#height;
  }

  /** Bytes of the file in use. */
  get bytes(): number {
    return this.#file.bytes;
  }

  /** Bytes of a torn last batch that were cut when it opened. */
  get tornBytes(): number {
    return this.#file.tornBytes;
  }

  async append(entries: readonly Uint8Array[]): Promise<number> {
    const first = this.#height + 1;
    const records = entries.map((bytes, at) => ({ number: first + at, bytes }));
    const offsets = await this.#file.append(records);
    for (const [at, offset] of offsets.entries()) {
      if ((first + at - 1) % INDEX_STEP === 0) this.#index.push(offset);
    }
    this.#height += entries.length;
    return first;
  }

  async *read(fromHeight: number): AsyncGenerator<LogBatch> {
    const offset = this.#index[Math.floor((fromHeight - 1) / INDEX_STEP)];
    if (offset === undefined || fromHeight > this.#height) return;
    let entries: Uint8Array[] = [];
    let firstHeight = fromHeight;
    let bytes = 0;
    for await (const record of this.#file.read(offset)) {
      if (record.number < fromHeight) continue;
      if (entries.length === BATCH_ENTRIES || bytes + record.bytes.length > BATCH_BYTES) {
        if (entries.length > 0) yield { firstHeight, entries };
        entries = [];
        firstHeight = record.number;
        bytes = 0;
      }
      entries.push(record.bytes);
      bytes += record.bytes.length;
    }
    if (entries.length > 0) yield { firstHeight, entries };
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
