/**
 * `receipts` and `receipts.old`: sealed replies by request, for clients whose connection broke.
 *
 * Two files of bounded size: when the newer one is full it becomes the old one and the old one goes.
 * A record holds the replies of one step, so that a step's receipts are there in full or not at all;
 * its number is the step's height. The index is rebuilt from the files at each start.
 *
 * @module
 */
import { rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ExecutedReply } from "#protocol/messages.ts";
import { RECORD_HEADER_BYTES } from "#worker/log/record.ts";
import { RecordFile } from "#worker/log/record-file.ts";
import type { ScannedRecord } from "#worker/log/scan.ts";
import { requestKey } from "#worker/request-key.ts";
import { syncDirectory, writeError } from "#worker/store/whole-file.ts";

/** Bytes of each of the two files: thirty thousand small replies. */
const FILE_BYTES = 32 * 1024 * 1024;
const REQUEST_ID_BYTES = 32;
const ENTRY_HEADER_BYTES = REQUEST_ID_BYTES + 4;

/** Height of a step, and what it answered. */
export interface ReceiptStep {
  readonly height: number;
  readonly replies: readonly ExecutedReply[];
}

/** Where a reply lies: its record, and its bytes within that. */
interface Place {
  readonly record: number;
  readonly start: number;
  readonly length: number;
}

/** One file and what is in it. */
interface Generation {
  readonly file: RecordFile;
  readonly places: Map<string, Place>;
}

function encodeStep(replies: readonly ExecutedReply[]): Buffer {
  let size = 0;
  for (const { reply } of replies) size += ENTRY_HEADER_BYTES + reply.length;
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for (const { requestId, reply } of replies) {
    bytes.set(requestId, at);
    bytes.writeUInt32BE(reply.length, at + REQUEST_ID_BYTES);
    bytes.set(reply, at + ENTRY_HEADER_BYTES);
    at += ENTRY_HEADER_BYTES + reply.length;
  }
  return bytes;
}

function indexStep(places: Map<string, Place>, record: number, untrustedBytes: Uint8Array): void {
  const bytes = Buffer.from(
    untrustedBytes.buffer,
    untrustedBytes.byteOffset,
    untrustedBytes.length,
  );
  let at = 0;
  while (at + ENTRY_HEADER_BYTES <= bytes.length) {
    const key = bytes.toString("latin1", at, at + REQUEST_ID_BYTES);
    const length = bytes.readUInt32BE(at + REQUEST_ID_BYTES);
    places.set(key, { record, start: at + ENTRY_HEADER_BYTES, length });
    at += ENTRY_HEADER_BYTES + length;
  }
}

async function openGeneration(
  path: string,
  visit: (record: ScannedRecord) => void,
): Promise<Generation> {
  const places = new Map<string, Place>();
  const file = await RecordFile.open(path, {
    kind: "R",
    visit: (record) => {
      indexStep(places, record.offset, record.bytes);
      visit(record);
    },
  });
  return { file, places };
}

export class Receipts {
  readonly #directory: string;
  readonly #fileBytes: number;
  #current: Generation;
  #old: Generation | undefined;
  /** Replies that are not in a file yet. */
  readonly #fresh = new Map<string, Uint8Array>();
  #height: number;

  private constructor(
    directory: string,
    fileBytes: number,
    current: Generation,
    old: Generation | undefined,
    height: number,
  ) {
    this.#directory = directory;
    this.#fileBytes = fileBytes;
    this.#current = current;
    this.#old = old;
    this.#height = height;
  }

  /** @throws {@link WorkerError} `DATA_DAMAGED`, `DATA_FORMAT` or `DATA_READ`, as {@link RecordFile.open}. */
  static async open(directory: string, fileBytes: number = FILE_BYTES): Promise<Receipts> {
    let height = 0;
    const visit = ({ number }: ScannedRecord): void => {
      height = number;
    };
    const old = await openGeneration(join(directory, "receipts.old"), visit);
    try {
      const current = await openGeneration(join(directory, "receipts"), visit);
      return new Receipts(directory, fileBytes, current, old, height);
    } catch (error) {
      await old.file.close();
      throw error;
    }
  }

  /** Height that all receipts in the files reach up to. */
  get height(): number {
    return this.#height;
  }

  get count(): number {
    return this.#fresh.size + this.#current.places.size + (this.#old?.places.size ?? 0);
  }

  /** Makes replies findable at once; {@link write} makes them durable. */
  remember(replies: readonly ExecutedReply[]): void {
    for (const { requestId, reply } of replies) this.#fresh.set(requestKey(requestId), reply);
  }

  /** Writes whole steps, in order of height. */
  async write(steps: readonly ReceiptStep[]): Promise<void> {
    const records = steps.map(({ height, replies }) => {
      return { number: height, bytes: encodeStep(replies) };
    });
    const { file, places } = this.#current;
    const offsets = await file.append(records);
    for (const [at, record] of records.entries()) {
      indexStep(places, offsets[at] as number, record.bytes); // one offset per record
    }
    for (const { replies } of steps) {
      for (const { requestId } of replies) this.#fresh.delete(requestKey(requestId));
    }
    this.#height = steps.at(-1)?.height ?? this.#height;
    if (file.bytes > this.#fileBytes) await this.#turn();
  }

  /** The sealed reply to a request, while it is kept. @param requestId - 32 bytes. */
  async find(requestId: Uint8Array): Promise<Uint8Array | undefined> {
    const key = requestKey(requestId);
    const fresh = this.#fresh.get(key);
    if (fresh !== undefined) return fresh;
    for (const generation of [this.#current, this.#old]) {
      const place = generation?.places.get(key);
      if (generation === undefined || place === undefined) continue;
      return await this.#read(generation, place);
    }
    return undefined;
  }

  async #read(generation: Generation, place: Place): Promise<Uint8Array | undefined> {
    try {
      const { bytes } = await generation.file.readOne(place.record);
      return bytes.subarray(place.start, place.start + place.length);
    } catch (error) {
      // Its file was closed while this read went on: too old to be kept.
      if (generation !== this.#current && generation !== this.#old) return undefined;
      throw error;
    }
  }

  /** The full file becomes the old one, and a new one begins with the height reached. */
  async #turn(): Promise<void> {
    const path = join(this.#directory, "receipts");
    const replaced = this.#old;
    try {
      await rename(path, join(this.#directory, "receipts.old"));
      await syncDirectory(dirname(path));
    } catch (error) {
      throw writeError(path, error);
    }
    this.#old = this.#current;
    this.#current = await openGeneration(path, () => undefined);
    await this.#current.file.append([{ number: this.#height, bytes: new Uint8Array() }]);
    await replaced?.file.close();
  }

  async close(): Promise<void> {
    await this.#current.file.close();
    await this.#old?.file.close();
  }
}

/** Bytes a step takes in the file. */
export function stepBytes(replies: readonly ExecutedReply[]): number {
  let size = RECORD_HEADER_BYTES;
  for (const { reply } of replies) size += ENTRY_HEADER_BYTES + reply.length;
  return size;
}
