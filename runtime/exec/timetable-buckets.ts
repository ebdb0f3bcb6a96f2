/**
 * The buckets of the timetable: one for each height, with a place for each call that is planned for it.
 *
 * @module
 */
import { concat, u32, u64, utf8 } from "#protocol/bytes.ts";
import { pack } from "#protocol/codec.ts";
import { Fault } from "#protocol/fault.ts";
import { Fields } from "#protocol/shape.ts";
import type { Overlay } from "#host/state/overlay.ts";
import type { StateReader } from "#host/state/reader.ts";
import { stretchOf } from "#host/state/stretch.ts";

/** Where a planned call stands. */
export interface Place {
  readonly height: number;
  readonly index: number;
}

const DUE_PREFIX = utf8("schedule/due/");
/** The first text behind all that begin with {@link DUE_PREFIX}. */
const DUE_END = utf8("schedule/due0");

function bucketKey(height: number): Uint8Array {
  return concat([DUE_PREFIX, u64(height)]);
}

function slotKey({ height, index }: Place): Uint8Array {
  return concat([DUE_PREFIX, u64(height), u32(index)]);
}

/** How far a bucket's places have been given away, and how many calls stand in it. */
interface Bucket {
  readonly next: number;
  readonly live: number;
}

function readBucket(system: StateReader, height: number): Bucket | undefined {
  const stored = system.get(bucketKey(height));
  if (stored === undefined) return undefined;
  const fields = Fields.parse(stored, "SEAL_BROKEN");
  const bucket = { next: fields.integer(), live: fields.integer() };
  fields.end();
  return bucket;
}

function writeBucket(system: Overlay, height: number, { next, live }: Bucket): void {
  if (live === 0) system.remove(bucketKey(height));
  else system.set(bucketKey(height), pack([next, live]));
}

/** Enters a contract's call. @returns The place in the bucket that it was given. */
export function enter(system: Overlay, height: number, address: Uint8Array, id: number): number {
  const { next, live } = readBucket(system, height) ?? { next: 0, live: 0 };
  system.set(slotKey({ height, index: next }), pack([address, id]));
  writeBucket(system, height, { next: next + 1, live: live + 1 });
  return next;
}

/** Takes a call out. @throws {@link Fault} `SEAL_BROKEN` if the bucket is empty. */
export function leave(system: Overlay, place: Place): void {
  const bucket = readBucket(system, place.height);
  if (bucket === undefined) throw new Fault("SEAL_BROKEN");
  system.remove(slotKey(place));
  writeBucket(system, place.height, { next: bucket.next, live: bucket.live - 1 });
}

/** Whether no call is planned for a height. */
export function isEmpty(system: StateReader, height: number): boolean {
  return system.get(bucketKey(height)) === undefined;
}

/** Whether no call is planned for any height. */
export function areAllEmpty(system: StateReader): boolean {
  const buckets = stretchOf(DUE_PREFIX, DUE_END, false);
  return system.walk(buckets).next().done === true;
}

/** A call as its bucket names it. */
export interface Entered {
  readonly address: Uint8Array;
  readonly id: number;
}

/** The first call of a height from a place on. Whoever leaves a place leaves nothing to step over. */
export function firstFrom(system: StateReader, place: Place): Entered | undefined {
  const stretch = stretchOf(slotKey(place), bucketKey(place.height + 1), false);
  for (const [, stored] of system.walk(stretch)) {
    if (stored === undefined) continue;
    const fields = Fields.parse(stored, "SEAL_BROKEN");
    const entered = { address: fields.fixed(32), id: fields.integer() };
    fields.end();
    return entered;
  }
  return undefined;
}
