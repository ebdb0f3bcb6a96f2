/**
 * Padding of plaintexts to size buckets, so that equal-shaped calls look equal.
 *
 * What the operator learns of a message is its bucket: a power of two from 1 to 64 KiB,
 * above that the next multiple of 64 KiB.
 *
 * @module
 */
import { u32 } from "#protocol/bytes.ts";
import { Fault } from "#protocol/fault.ts";
import type { FaultCode } from "#protocol/faults.ts";

/** A small call's reply and delta fit in the smallest bucket, whether the call succeeded or failed. */
const BUCKET_BYTES_MIN = 1024;
const BUCKET_STEP_BYTES = 64 * 1024;
const LENGTH_BYTES = 4;

/** Bytes of the padded form of a plaintext of `length` bytes. */
export function bucketBytes(length: number): number {
  const needed = length + LENGTH_BYTES;
  if (needed > BUCKET_STEP_BYTES) return Math.ceil(needed / BUCKET_STEP_BYTES) * BUCKET_STEP_BYTES;
  let bucket = BUCKET_BYTES_MIN;
  while (bucket < needed) bucket *= 2;
  return bucket;
}

/** The plaintext behind its length, with zeros up to its bucket. */
export function pad(plaintext: Uint8Array): Uint8Array {
  const padded = new Uint8Array(bucketBytes(plaintext.length));
  padded.set(u32(plaintext.length));
  padded.set(plaintext, LENGTH_BYTES);
  return padded;
}

/**
 * The plaintext of a padded message.
 *
 * @throws {@link Fault} `code` if the length does not fit or the size is not a bucket.
 */
export function unpad(untrustedPadded: Uint8Array, code: FaultCode): Uint8Array {
  if (untrustedPadded.length < BUCKET_BYTES_MIN) throw new Fault(code);
  const view = new DataView(untrustedPadded.buffer, untrustedPadded.byteOffset);
  const length = view.getUint32(0);
  if (length > untrustedPadded.length || bucketBytes(length) !== untrustedPadded.length) {
    throw new Fault(code);
  }
  return untrustedPadded.subarray(LENGTH_BYTES, LENGTH_BYTES + length);
}
