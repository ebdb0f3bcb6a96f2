/**
 * Reading and writing one open file, in full or not at all.
 *
 * Node's file handles may write or read less than asked; these helpers finish the job or throw.
 *
 * @module
 */
import type { FileHandle } from "node:fs/promises";

/** What is used of a file handle; tests put failing disks behind it. */
export type DiskFile = Pick<
  FileHandle,
  "read" | "write" | "datasync" | "sync" | "truncate" | "stat" | "close"
>;

export type OpenFile = (path: string, flags: string, mode?: number) => Promise<DiskFile>;

/** @throws The system's error if not all could be written. */
export async function writeAll(file: DiskFile, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    if (bytesWritten === 0) throw new Error("The disk took no bytes.");
    done += bytesWritten;
  }
}

/** Reads up to `length` bytes: fewer only where the file ends. */
export async function readSome(file: DiskFile, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}
