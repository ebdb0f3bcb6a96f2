/**
 * The byte form of one record in an append-only file.
 *
 * Header of 20 bytes: length of the payload (u32), CRC-32 (u32), number (u48: a height), and the file
 * offset where the record's batch began (u48), all big-endian; then the payload. The CRC covers all but
 * itself. A batch is written and made durable as one; its offset tells a torn last batch, which was never
 * confirmed, from damage to a batch that was: only the latter has a later batch behind it.
 *
 * CRC-32 finds accidents, not attacks: what the records hold is sealed by the enclave.
 *
 * @module
 */
import { crc32 } from "node:zlib";
import { FRAME_BYTES_MAX } from "#protocol/limits.ts";

export const RECORD_HEADER_BYTES = 20;
/** Bytes of one payload: a frame of the enclave's pipe is the largest thing stored. */
const RECORD_BYTES_MAX = FRAME_BYTES_MAX;

export interface FileRecord {
  /** What the record is known by; a height, from 1. */
  readonly number: number;
  readonly bytes: Uint8Array;
}

export interface RecordHeader {
  readonly length: number;
  readonly crc: number;
  readonly number: number;
  readonly batchOffset: number;
}

/** Writes one record into `target` at `at`. @returns Where the next one begins. */
export function writeRecord(
  target: Buffer,
  at: number,
  record: FileRecord,
  batchOffset: number,
): number {
  const { number, bytes } = record;
  target.writeUInt32BE(bytes.length, at);
  target.writeUIntBE(number, at + 8, 6);
  target.writeUIntBE(batchOffset, at + 14, 6);
  target.set(bytes, at + RECORD_HEADER_BYTES);
  const end = at + RECORD_HEADER_BYTES + bytes.length;
  target.writeUInt32BE(crc32(target.subarray(at + 8, end), bytes.length), at + 4);
  return end;
}

/** The header at `at`, unverified. */
export function readHeader(source: Buffer, at: number): RecordHeader {
  return {
    length: source.readUInt32BE(at),
    crc: source.readUInt32BE(at + 4),
    number: source.readUIntBE(at + 8, 6),
    batchOffset: source.readUIntBE(at + 14, 6),
  };
}

/** Whether the whole record (header and payload) has the CRC that its header names. */
export function isIntact(record: Buffer): boolean {
  const { length, crc } = readHeader(record, 0);
  return crc32(record.subarray(8), length) === crc;
}

/** Whether a header could stand at this file offset at all: cheap, before any CRC is computed. */
export function isPlausible(header: RecordHeader, offset: number, fileEnd: number): boolean {
  const { length, number } = header;
  if (number === 0 || length > RECORD_BYTES_MAX) return false;
  return offset + RECORD_HEADER_BYTES + length <= fileEnd;
}
