/**
 * The timetable: calls that contracts have planned of their own methods, in the system namespace.
 *
 * Calls stand in buckets, one for each height, and are taken in the order of heights and of planning. A
 * cursor remembers where taking stopped when there was no time for more, so that nothing is ever moved
 * or counted through: a height without planned calls costs two reads.
 *
 * @module
 */
import { utf8 } from "#protocol/bytes.ts";
import { integer, pack } from "#protocol/codec.ts";
import { Fault } from "#protocol/fault.ts";
import {
  SCHEDULED_GAS_MAX,
  SCHEDULED_PER_CONTRACT_MAX,
  SCHEDULED_STEPS_MAX,
} from "#protocol/limits.ts";
import { Fields } from "#protocol/shape.ts";
import type { NewPlan } from "#host/functions/environment.ts";
import type { Overlay } from "#host/state/overlay.ts";
import type { StateReader } from "#host/state/reader.ts";
import { dropBook, readBook, writeBook, type Plan } from "#exec/timetable-book.ts";
import {
  areAllEmpty,
  enter,
  firstFrom,
  isEmpty,
  leave,
  type Place,
} from "#exec/timetable-buckets.ts";

const CURSOR_KEY = utf8("schedule/cursor");

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
  dropBook(system, address);
}

/** A planned call whose time has come. */
export interface Due {
  readonly address: Uint8Array;
  readonly plan: Plan;
}

/** Whether no call is due at a height, nor left over from one before. */
export function isIdle(system: StateReader, height: number): boolean {
  return system.get(CURSOR_KEY) === undefined && isEmpty(system, height);
}

/** Whether any contract has planned a call. */
export function isAnythingPlanned(system: StateReader): boolean {
  return !areAllEmpty(system);
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
    const isLast = isEmpty(system, place.height);
    place =
      found === undefined || isLast
        ? { height: place.height + 1, index: 0 }
        : { height: place.height, index: found.plan.index + 1 };
    if (due !== undefined) break;
  }
  writeCursor(system, place, height);
  return due;
}

/** The first call of a height from a place on. */
function dueFrom(system: StateReader, place: Place): Due | undefined {
  const entered = firstFrom(system, place);
  if (entered === undefined) return undefined;
  const { address, id } = entered;
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
