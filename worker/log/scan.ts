/**
 * Walking through the records of a file, and telling what stands where they end.
 *
 * A torn last batch was never confirmed and may be cut. Damage with a later batch behind it was
 * confirmed once: cutting there would lose what a client was promised, so it is only ever reported.
 *
 * @module
 */
import { type DiskFile, readSome } from "#worker/log/disk.ts";
import {
  type FileRecord,
  isIntact,
  isPlausible,
  readHeader,
  RECORD_HEADER_BYTES,
} from "#worker/log/record.ts";

/** Bytes read at once: large enough that the disk, not the call, sets the pace. */
const WINDOW_BYTES = 4 * 1024 * 1024;

export interface ScannedRecord extends FileRecord {
  /** Where its header begins in the file. */
  readonly offset: number;
}

/**
 * Yields intact records in order, from `start` to the first place where none stands.
 *
 * @param start - Offset of a record.
 * @param fileEnd - Size of the file.
 * @returns The offset where it stopped.
 */
export async function* scanRecords(
  file: DiskFile,
  start: number,
  fileEnd: number,
): AsyncGenerator<ScannedRecord, number> {
  let base = start;
  let window = await readSome(file, base, Math.min(WINDOW_BYTES, fileEnd - base));
  let offset = start;
  for (;;) {
    const at = offset - base;
    const rest = window.length - at;
    const header = rest < RECORD_HEADER_BYTES ? undefined : readHeader(window, at);
    const size = RECORD_HEADER_BYTES + (header?.length ?? 0);
    if (header !== undefined && !isPlausible(header, offset, fileEnd)) return offset;
    if (rest < size) {
      if (offset + size > fileEnd) return offset;
      base = offset;
      window = await readSome(file, base, Math.min(Math.max(WINDOW_BYTES, size), fileEnd - base));
      if (window.length < size) return offset;
      continue;
    }
    const record = window.subarray(at, at + size);
    if (header === undefined || header.batchOffset > offset || !isIntact(record)) return offset;
    yield { offset, number: header.number, bytes: record.subarray(RECORD_HEADER_BYTES) };
    offset += size;
  }
}

export type Tail =
  /** Nothing but zeros: space written ahead. */
  | { readonly kind: "clean" }
  /** Part of a batch that was never confirmed. */
  | { readonly kind: "torn"; readonly bytes: number }
  /** A later batch follows, so what is broken here had been confirmed. */
  | { readonly kind: "damaged" };

/**
 * Says what stands behind the last intact record.
 *
 * @param offset - Where {@link scanRecords} stopped.
 */
export async function classifyTail(file: DiskFile, offset: number, fileEnd: number): Promise<Tail> {
  let lastUsed = -1;
  for (let base = offset; base < fileEnd; base += WINDOW_BYTES) {
    // Windows overlap by a header, so that one across the border is seen as well.
    const length = Math.min(WINDOW_BYTES + RECORD_HEADER_BYTES - 1, fileEnd - base);
    const window = await readSome(file, base, length);
    const used = lastNonZero(window);
    if (used < 0) continue;
    lastUsed = base + used;
    if (await hasLaterBatch(file, window.subarray(0, used + 1), base, offset, fileEnd)) {
      return { kind: "damaged" };
    }
  }
  return lastUsed < 0 ? { kind: "clean" } : { kind: "torn", bytes: lastUsed + 1 - offset };
}

function lastNonZero(window: Buffer): number {
  for (let i = window.length - 1; i >= 0; i--) if (window[i] !== 0) return i;
  return -1;
}

/** Looks at every offset for an intact record of a batch that began after the damage. */
async function hasLaterBatch(
  file: DiskFile,
  window: Buffer,
  base: number,
  damage: number,
  fileEnd: number,
): Promise<boolean> {
  for (let at = 0; at + RECORD_HEADER_BYTES <= window.length; at++) {
    const offset = base + at;
    const header = readHeader(window, at);
    if (header.batchOffset <= damage || !isPlausible(header, offset, fileEnd)) continue;
    const size = RECORD_HEADER_BYTES + header.length;
    const inside = at + size <= window.length;
    const record = inside ? window.subarray(at, at + size) : await readSome(file, offset, size);
    if (record.length === size && isIntact(record)) return true;
  }
  return false;
}
