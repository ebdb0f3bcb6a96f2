/**
 * The timetable: calls that contracts have planned of their own methods, in the system namespace.
 *
 * Calls stand in buckets, one for each height, and are taken in the order of heights and of planning. A
 * cursor remembers where taking stopped when there was no time for more, so that nothing is ever moved
 * or counted through: a height without planned calls costs two reads.
 *
 * @module
 */
import { concat, u32, u64, utf8 } from "#protocol/bytes.ts";
import { integer, pack } from "#protocol/codec.ts";
import { Fault } from "#protocol/fault.ts";
import {
  NAME_LENGTH_MAX,
  SCHEDULED_ARGUMENT_BYTES_MAX,
  SCHEDULED_GAS_MAX,
  SCHEDULED_PER_CONTRACT_MAX,
  SCHEDULED_STEPS_MAX,
} from "#protocol/limits.ts";
import { Fields } from "#protocol/shape.ts";
import type { NewPlan } from "#host/functions/environment.ts";
import type { Overlay } from "#host/state/overlay.ts";
import type { StateReader } from "#host/state/reader.ts";
import { stretchOf } from "#host/state/stretch.ts";

/** A planned call. */
export interface Plan extends NewPlan {
  readonly id: number;
  /** Its place in the bucket of its height. */
  readonly index: number;
  /** Failures in a row, of one that comes again. */
  readonly failures: number;
}

/** What one contract has planned. */
interface Book {
  readonly nextId: number;
  readonly plans: readonly Plan[];
}

interface Place {
  readonly height: number;
  readonly index: number;
}

const BOOK_PREFIX = utf8("schedule/of/");
const DUE_PREFIX = utf8("schedule/due/");
/** The first text behind all that begin with {@link DUE_PREFIX}. */
const DUE_END = utf8("schedule/due0");
const CURSOR_KEY = utf8("schedule/cursor");

function bookKey(address: Uint8Array): Uint8Array {
  return concat([BOOK_PREFIX, address]);
}

function bucketKey(height: number): Uint8Array {
  return concat([DUE_PREFIX, u64(height)]);
}

function slotKey({ height, index }: Place): Uint8Array {
  return concat([DUE_PREFIX, u64(height), u32(index)]);
}

function readBook(system: StateReader, address: Uint8Array): Book {
  const stored = system.get(bookKey(address));
  if (stored === undefined) return { nextId: 1, plans: [] };
  const fields = Fields.parse(stored, "SEAL_BROKEN");
  const nextId = fields.integer();
  const plans = fields.list(SCHEDULED_PER_CONTRACT_MAX, (list) => list.nested(parsePlan));
  fields.end();
  return { nextId, plans };
}

function parsePlan(fields: Fields): Plan {
  return {
    id: fields.integer(),
    height: fields.integer(),
    index: fields.integer(),
    every: fields.integer(),
    method: fields.text(NAME_LENGTH_MAX),
    args: fields.bytes(SCHEDULED_ARGUMENT_BYTES_MAX),
    gasLimit: fields.integer(),
    failures: fields.integer(),
  };
}

function writeBook(system: Overlay, address: Uint8Array, { nextId, plans }: Book): void {
  const listed = plans.map(({ id, height, index, every, method, args, gasLimit, failures }) => [
    id,
    integer(height),
    index,
    integer(every),
    method,
    args,
    integer(gasLimit),
    failures,
  ]);
  system.set(bookKey(address), pack([integer(nextId), listed]));
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

/** @returns The place that was given. */
function enter(system: Overlay, height: number, address: Uint8Array, id: number): number {
  const { next, live } = readBucket(system, height) ?? { next: 0, live: 0 };
  system.set(slotKey({ height, index: next }), pack([address, id]));
  writeBucket(system, height, { next: next + 1, live: live + 1 });
  return next;
}

function leave(system: Overlay, place: Place): void {
  const bucket = readBucket(system, place.height);
  if (bucket === undefined) throw new Fault("SEAL_BROKEN");
  system.remove(slotKey(place));
  writeBucket(system, place.height, { next: bucket.next, live: bucket.live - 1 });
}

/** What a contract has planned, in the order of planning. */
export function plansOf(system: StateReader, address: Uint8Array): readonly Plan[] {
  return readBook(system, address).plans;
}

/**
 * Plans a call.
 *
 * @returns Its number, which no other call of the contract ever has.
 * @throws {@link Fault} `SCHEDULE_LIMIT` if it is more, or more of it, than a contract may plan.
 */
export function addPlan(system: Overlay, address: Uint8Array, plan: NewPlan): number {
  const { nextId, plans } = readBook(system, address);
  if (plans.length >= SCHEDULED_PER_CONTRACT_MAX) {
    throw new Fault("SCHEDULE_LIMIT", { limit: SCHEDULED_PER_CONTRACT_MAX });
  }
  if (plan.gasLimit > SCHEDULED_GAS_MAX) {
    throw new Fault("SCHEDULE_LIMIT", { gas: plan.gasLimit, limit: SCHEDULED_GAS_MAX });
  }
  const index = enter(system, plan.height, address, nextId);
  const added = { ...plan, id: nextId, index, failures: 0 };
  writeBook(system, address, { nextId: nextId + 1, plans: [...plans, added] });
  return nextId;
}

/** Takes planned calls back: all that `isMeant` says. @returns How many there were. */
export function removePlans(
  system: Overlay,
  address: Uint8Array,
  isMeant: (plan: Plan) => boolean,
): number {
  const { nextId, plans } = readBook(system, address);
  const removed = plans.filter(isMeant);
  for (const plan of removed) leave(system, plan);
  if (removed.length > 0) {
    writeBook(system, address, { nextId, plans: plans.filter((plan) => !isMeant(plan)) });
  }
  return removed.length;
}

/** Forgets a contract that is gone. */
export function removeBook(system: Overlay, address: Uint8Array): void {
  removePlans(system, address, () => true);
  if (system.get(bookKey(address)) !== undefined) system.remove(bookKey(address));
}

/** A planned call whose time has come. */
export interface Due {
  readonly address: Uint8Array;
  readonly plan: Plan;
}

/** Whether no call is due at a height, nor left over from one before. */
export function isIdle(system: StateReader, height: number): boolean {
  return system.get(CURSOR_KEY) === undefined && system.get(bucketKey(height)) === undefined;
}

/** Whether any contract has planned a call. */
export function isAnythingPlanned(system: StateReader): boolean {
  const buckets = stretchOf(DUE_PREFIX, DUE_END, false);
  return system.walk(buckets).next().done !== true;
}

/**
 * Takes the next call that is due. One that comes again is planned anew, from this height on.
 *
 * @param gas - What there is; a call that may use more waits, and those behind it with it.
 */
export function takeDue(system: Overlay, height: number, gas: number): Due | undefined {
  let place = readCursor(system) ?? { height, index: 0 };
  let due: Due | undefined;
  for (let step = 0; step < SCHEDULED_STEPS_MAX && place.height <= height; step++) {
    const found = dueFrom(system, place);
    if (found !== undefined && found.plan.gasLimit > gas) break;
    if (found !== undefined) due = takePlan(system, found, height);
    const isLast = readBucket(system, place.height) === undefined;
    place =
      found === undefined || isLast
        ? { height: place.height + 1, index: 0 }
        : { height: place.height, index: found.plan.index + 1 };
    if (due !== undefined) break;
  }
  writeCursor(system, place, height);
  return due;
}

/** The first call of a height from a place on. Whoever leaves a place leaves nothing to step over. */
function dueFrom(system: StateReader, place: Place): Due | undefined {
  const stretch = stretchOf(slotKey(place), bucketKey(place.height + 1), false);
  for (const [, stored] of system.walk(stretch)) {
    if (stored !== undefined) return dueOf(system, stored);
  }
  return undefined;
}

function dueOf(system: StateReader, stored: Uint8Array): Due {
  const fields = Fields.parse(stored, "SEAL_BROKEN");
  const address = fields.fixed(32);
  const id = fields.integer();
  fields.end();
  const plan = readBook(system, address).plans.find((each) => each.id === id);
  if (plan === undefined) throw new Fault("SEAL_BROKEN");
  return { address, plan };
}

function takePlan(system: Overlay, { address, plan }: Due, height: number): Due {
  leave(system, plan);
  const { nextId, plans } = readBook(system, address);
  const others = plans.filter(({ id }) => id !== plan.id);
  if (plan.every === 0) {
    writeBook(system, address, { nextId, plans: others });
    return { address, plan };
  }
  const next = height + plan.every;
  const index = enter(system, next, address, plan.id);
  const again = { ...plan, height: next, index, failures: 0 };
  writeBook(system, address, { nextId, plans: [...others, again] });
  return { address, plan };
}

/** Counts a failure of a call that comes again. */
export function countFailure(
  system: Overlay,
  address: Uint8Array,
  id: number,
  failures: number,
): void {
  const { nextId, plans } = readBook(system, address);
  const counted = plans.map((plan) => (plan.id === id ? { ...plan, failures } : plan));
  writeBook(system, address, { nextId, plans: counted });
}

function readCursor(system: StateReader): Place | undefined {
  const stored = system.get(CURSOR_KEY);
  if (stored === undefined) return undefined;
  const fields = Fields.parse(stored, "SEAL_BROKEN");
  const place = { height: fields.integer(), index: fields.integer() };
  fields.end();
  return place;
}

/** Remembers where to go on; nothing when all that is due was taken. */
function writeCursor(system: Overlay, { height, index }: Place, now: number): void {
  if (height <= now) system.set(CURSOR_KEY, pack([integer(height), index]));
  else if (system.get(CURSOR_KEY) !== undefined) system.remove(CURSOR_KEY);
}
