/**
 * An append-only file of records: what the log, the deltas and the receipts are kept in.
 *
 * `append` writes one batch and makes it durable; a batch is confirmed as a whole or, after a failed
 * write or fsync, never: the kernel may have dropped the pages, so nothing more is written either.
 * Opening reads and verifies every record. Space is written ahead as zeros, because a file that does
 * not grow needs no metadata flush per batch.
 *
 * @module
 */
import { open } from "node:fs/promises";
import { systemCode, withReason, WorkerError } from "#worker/error.ts";
import { type DiskFile, type OpenFile, readSome, writeAll } from "#worker/log/disk.ts";
import { type FileRecord, RECORD_HEADER_BYTES, writeRecord } from "#worker/log/record.ts";
import { classifyTail, type ScannedRecord, scanRecords, type Tail } from "#worker/log/scan.ts";

/** The first bytes of every record file: `HRM` and the kind's letter, then the format version (u32). */
export const MAGIC_BYTES = 8;
const FORMAT_VERSION = 1;

export interface RecordFileOptions {
  /** A letter that names the kind of file. */
  readonly kind: "L" | "D" | "R" | "S";
  /** The file is complete: it is neither created nor repaired. */
  readonly isComplete?: boolean;
  /** Bytes of zeros written ahead at a time; 0 for none. */
  readonly aheadBytes?: number;
  /** Called for every record while the file is verified. */
  readonly visit?: (record: ScannedRecord) => void;
  /** Called with what stands behind the last record; may throw. The default refuses damage. */
  readonly judge?: (tail: Tail, lastNumber: number) => void;
  readonly openFile?: OpenFile;
}

function magicOf(kind: string): Buffer {
  const magic = Buffer.alloc(MAGIC_BYTES);
  magic.write(`HRM${kind}`, "latin1");
  magic.writeUInt32BE(FORMAT_VERSION, 4);
  return magic;
}

export class RecordFile {
  readonly path: string;
  readonly #file: DiskFile;
  readonly #aheadBytes: number;
  #end: number;
  /** Bytes of the file, zeros written ahead included. */
  #size: number;
  #extending: Promise<void> | undefined;
  #failure: WorkerError | undefined;
  /** What was cut from a torn last batch when the file was opened. */
  readonly tornBytes: number;

  private constructor(
    path: string,
    file: DiskFile,
    aheadBytes: number,
    end: number,
    size: number,
    tornBytes: number,
  ) {
    this.path = path;
    this.#file = file;
    this.#aheadBytes = aheadBytes;
    this.#end = end;
    this.#size = size;
    this.tornBytes = tornBytes;
  }

  /**
   * Opens and verifies a file, or creates it.
   *
   * @throws {@link WorkerError} `DATA_FORMAT` if another version wrote it.
   * @throws {@link WorkerError} `DATA_DAMAGED` if a confirmed record is broken.
   * @throws {@link WorkerError} `DATA_READ` or `DATA_WRITE` if the disk fails.
   */
  static async open(path: string, options: RecordFileOptions): Promise<RecordFile> {
    const { kind, aheadBytes = 0, isComplete = false, openFile = open } = options;
    const magic = magicOf(kind);
    let file: DiskFile | undefined;
    try {
      file = isComplete ? await openFile(path, "r") : await openOrCreate(path, openFile);
      let { size } = await file.stat();
      if (size < MAGIC_BYTES && !isComplete) {
        // Its creation was cut short: nothing was ever confirmed in it.
        await writeAll(file, magic, 0);
        await file.sync();
        size = MAGIC_BYTES;
      }
      checkMagic(path, await readSome(file, 0, MAGIC_BYTES), magic);
      const { end, lastNumber } = await visitAll(file, size, options.visit);
      const tail = await classifyTail(file, end, size);
      (options.judge ?? refuseDamage(path))(tail, lastNumber);
      const tornBytes = tail.kind === "torn" ? tail.bytes : 0;
      if (tornBytes > 0) {
        await file.truncate(end);
        await file.sync();
        size = end;
      }
      return new RecordFile(path, file, aheadBytes, end, size, tornBytes);
    } catch (error) {
      await file?.close();
      if (error instanceof WorkerError) throw error;
      throw new WorkerError("DATA_READ", { subject: path, cause: error });
    }
  }

  /** Bytes in use. */
  get bytes(): number {
    return this.#end;
  }

  /**
   * Writes a batch and returns once it is durable.
   *
   * @returns Offset of each record.
   * @throws {@link WorkerError} `DATA_WRITE`: nothing of the batch counts, and every later call throws the same.
   */
  async append(records: readonly FileRecord[]): Promise<number[]> {
    if (this.#failure !== undefined) throw this.#failure;
    const start = this.#end;
    let size = 0;
    for (const { bytes } of records) size += RECORD_HEADER_BYTES + bytes.length;
    const batch = Buffer.allocUnsafe(size);
    const offsets: number[] = [];
    let at = 0;
    for (const record of records) {
      offsets.push(start + at);
      at = writeRecord(batch, at, record, start);
    }
    this.#end = start + size;
    try {
      await this.#reserve();
      await writeAll(this.#file, batch, start);
      await this.#file.datasync();
    } catch (error) {
      throw this.#fail(error);
    }
    this.#size = Math.max(this.#size, this.#end);
    this.#extendSoon();
    return offsets;
  }

  /** Intact records from one record's offset on, up to what is confirmed now. */
  async *read(offset: number): AsyncGenerator<ScannedRecord> {
    const end = this.#end;
    const stopped = yield* scanRecords(this.#file, offset, end);
    if (stopped !== end) throw new WorkerError("DATA_DAMAGED", { subject: this.path });
  }

  /** Every record, from the first. */
  readAll(): AsyncGenerator<ScannedRecord> {
    return this.read(MAGIC_BYTES);
  }

  /** The record at an offset that `append` returned. */
  async readOne(offset: number): Promise<ScannedRecord> {
    for await (const record of this.read(offset)) return record;
    throw new WorkerError("DATA_DAMAGED", { subject: this.path });
  }

  async close(): Promise<void> {
    await this.#extending?.catch(() => undefined); // a failure was kept for `append`
    await this.#file.close();
  }

  #fail(error: unknown): WorkerError {
    const subject = withReason(this.path, error);
    this.#failure ??= new WorkerError("DATA_WRITE", { subject, cause: error });
    return this.#failure;
  }

  /** Makes sure that the batch ends inside what is written ahead. */
  async #reserve(): Promise<void> {
    if (this.#aheadBytes === 0 || this.#end <= this.#size) return;
    await this.#extending;
    if (this.#end > this.#size) await this.#extend();
  }

  async #extend(): Promise<void> {
    const target = Math.ceil(this.#end / this.#aheadBytes + 1) * this.#aheadBytes;
    await writeAll(this.#file, Buffer.alloc(target - this.#size), this.#size);
    await this.#file.datasync();
    this.#size = target;
  }

  #extendSoon(): void {
    if (this.#aheadBytes === 0 || this.#extending !== undefined) return;
    if (this.#size - this.#end > this.#aheadBytes / 2) return;
    this.#extending = this.#extend().then(
      () => {
        this.#extending = undefined;
      },
      (error: unknown) => {
        this.#extending = undefined;
        this.#fail(error);
      },
    );
  }
}

async function openOrCreate(path: string, openFile: OpenFile): Promise<DiskFile> {
  try {
    return await openFile(path, "r+");
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw error;
    return await openFile(path, "wx+", 0o600);
  }
}

function checkMagic(path: string, untrustedMagic: Buffer, magic: Buffer): void {
  if (untrustedMagic.equals(magic)) return;
  if (!untrustedMagic.subarray(0, 4).equals(magic.subarray(0, 4))) {
    throw new WorkerError("DATA_DAMAGED", { subject: path });
  }
  const version = untrustedMagic.readUInt32BE(4);
  throw new WorkerError("DATA_FORMAT", { subject: path, facts: { version } });
}

function refuseDamage(path: string) {
  return (tail: Tail, lastNumber: number): void => {
    if (tail.kind !== "damaged") return;
    throw new WorkerError("DATA_DAMAGED", { subject: path, facts: { after: lastNumber } });
  };
}

async function visitAll(
  file: DiskFile,
  size: number,
  visit: ((record: ScannedRecord) => void) | undefined,
): Promise<{ end: number; lastNumber: number }> {
  const records = scanRecords(file, MAGIC_BYTES, size);
  let lastNumber = 0;
  for (;;) {
    const { done, value } = await records.next();
    if (done === true) return { end: value, lastNumber };
    lastNumber = value.number;
    visit?.(value);
  }
}
