/**
 * Record files of a data directory, as an operator would edit them: with checksums that are right again.
 *
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs";
import { MAGIC_BYTES } from "#worker/log/record-file.ts";
import {
  readHeader,
  RECORD_HEADER_BYTES,
  writeRecord,
  type FileRecord,
} from "#worker/log/record.ts";

/** Every record of a file, up to the space written ahead. */
export function readRecords(path: string): FileRecord[] {
  const file = readFileSync(path);
  const records: FileRecord[] = [];
  for (let at = MAGIC_BYTES; at + RECORD_HEADER_BYTES <= file.length;) {
    const { length, number } = readHeader(file, at);
    if (number === 0) break;
    const start = at + RECORD_HEADER_BYTES;
    records.push({ number, bytes: file.subarray(start, start + length) });
    at = start + length;
  }
  return records;
}

/** Writes the file anew with these records, each in a batch of its own. */
function writeRecords(path: string, records: readonly FileRecord[]): void {
  const magic = readFileSync(path).subarray(0, MAGIC_BYTES);
  const size = records.reduce((sum, { bytes }) => sum + RECORD_HEADER_BYTES + bytes.length, 0);
  const file = Buffer.alloc(MAGIC_BYTES + size);
  magic.copy(file);
  let at = MAGIC_BYTES;
  for (const record of records) at = writeRecord(file, at, record, at);
  writeFileSync(path, file);
}

/** Changes a file's records in place. */
export function editRecords(path: string, edit: (records: FileRecord[]) => FileRecord[]): void {
  writeRecords(path, edit(readRecords(path)));
}

/** Bytes of a file in use: without the space written ahead. */
export function usedBytes(path: string): number {
  const file = readFileSync(path);
  let end = file.length;
  while (end > 0 && file[end - 1] === 0) end--;
  return end;
}
