/**
 * What the owner of a contract is told of its planned calls: those to come, and how the last ones ended.
 *
 * @module
 */
import { integer, pack } from "#protocol/codec.ts";
import { faults, type FaultCode } from "#protocol/faults.ts";
import {
  NAME_LENGTH_MAX,
  SCHEDULED_PER_CONTRACT_MAX,
  SCHEDULED_RUNS_MAX,
} from "#protocol/limits.ts";
import { faultCode } from "#protocol/reply.ts";
import { Fields } from "#protocol/shape.ts";

export interface ScheduledRun {
  readonly height: number;
  readonly method: string;
  readonly gasUsed: number;
  /** How it ended: well, with an error of the contract, or with a fault. */
  readonly end: "returned" | { readonly error: string } | { readonly fault: FaultCode };
}

export interface ScheduledPlan {
  readonly id: number;
  /** First height at which it may run. */
  readonly height: number;
  /** Heights from one run to the next; 0 if it runs once. */
  readonly every: number;
  readonly method: string;
  readonly gasLimit: number;
  /** Failures in a row so far. */
  readonly failures: number;
}

export interface Schedule {
  readonly plans: readonly ScheduledPlan[];
  /** The newest last. */
  readonly runs: readonly ScheduledRun[];
}

function plainRun({ height, method, gasUsed, end }: ScheduledRun): readonly unknown[] {
  const base = [integer(height), method, integer(gasUsed)];
  if (end === "returned") return [...base, 0, "", 0];
  return "error" in end ? [...base, 1, end.error, 0] : [...base, 2, "", faults[end.fault].number];
}

function parseRun(fields: Fields): ScheduledRun {
  const height = fields.integer();
  const method = fields.text(NAME_LENGTH_MAX);
  const gasUsed = fields.integer();
  const kind = fields.integer(2);
  const error = fields.text(NAME_LENGTH_MAX);
  const number = fields.integer();
  const end = kind === 0 ? "returned" : kind === 1 ? { error } : { fault: faultCode(number) };
  return { height, method, gasUsed, end };
}

export function encodeRuns(runs: readonly ScheduledRun[]): Uint8Array {
  return pack([runs.map(plainRun)]);
}

/** Reads a list of runs, field by field. */
export function parseRuns(fields: Fields): ScheduledRun[] {
  return fields.list(SCHEDULED_RUNS_MAX, (list) => list.nested(parseRun));
}

export function encodeSchedule({ plans, runs }: Schedule): Uint8Array {
  const listed = plans.map(({ id, height, every, method, gasLimit, failures }) => [
    integer(id),
    integer(height),
    integer(every),
    method,
    integer(gasLimit),
    failures,
  ]);
  return pack([listed, runs.map(plainRun)]);
}

/** @throws {@link Fault} `MESSAGE_MALFORMED` for any other shape. */
export function parseSchedule(bytes: Uint8Array): Schedule {
  const fields = Fields.parse(bytes, "MESSAGE_MALFORMED");
  const plans = fields.list(SCHEDULED_PER_CONTRACT_MAX, (list) =>
    list.nested((plan) => ({
      id: plan.integer(),
      height: plan.integer(),
      every: plan.integer(),
      method: plan.text(NAME_LENGTH_MAX),
      gasLimit: plan.integer(),
      failures: plan.integer(),
    })),
  );
  const runs = parseRuns(fields);
  fields.end();
  return { plans, runs };
}
