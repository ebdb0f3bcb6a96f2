/**
 * What one contract has planned, as the system namespace keeps it.
 *
 * @module
 */
import { concat, utf8 } from "#protocol/bytes.ts";
import { integer, pack } from "#protocol/codec.ts";
import {
  NAME_LENGTH_MAX,
  SCHEDULED_ARGUMENT_BYTES_MAX,
  SCHEDULED_PER_CONTRACT_MAX,
} from "#protocol/limits.ts";
import { Fields } from "#protocol/shape.ts";
import type { NewPlan } from "#host/functions/environment.ts";
import type { Overlay } from "#host/state/overlay.ts";
import type { StateReader } from "#host/state/reader.ts";

/** A planned call. */
export interface Plan extends NewPlan {
  readonly id: number;
  /** Its place in the bucket of its height. */
  readonly index: number;
  /** Failures in a row, of one that comes again. */
  readonly failures: number;
}

/** What one contract has planned. */
export interface Book {
  readonly nextId: number;
  readonly plans: readonly Plan[];
}

const BOOK_PREFIX = utf8("schedule/of/");

function bookKey(address: Uint8Array): Uint8Array {
  return concat([BOOK_PREFIX, address]);
}

export function readBook(system: StateReader, address: Uint8Array): Book {
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

export function writeBook(system: Overlay, address: Uint8Array, { nextId, plans }: Book): void {
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

/** Forgets that a contract ever planned anything. */
export function dropBook(system: Overlay, address: Uint8Array): void {
  if (system.get(bookKey(address)) !== undefined) system.remove(bookKey(address));
}
