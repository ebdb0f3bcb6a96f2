/**
 * How the last planned calls of each contract ended: for its owner, because nobody else is answered.
 *
 * @module
 */
import { concat, utf8 } from "#protocol/bytes.ts";
import { SCHEDULED_RUNS_MAX } from "#protocol/limits.ts";
import { encodeRuns, parseRuns, type ScheduledRun } from "#protocol/schedule.ts";
import type { Outcome } from "#protocol/reply.ts";
import { Fields } from "#protocol/shape.ts";
import type { Overlay } from "#host/state/overlay.ts";
import type { StateReader } from "#host/state/reader.ts";

const RUNS_PREFIX = utf8("schedule/runs/");

function runsKey(address: Uint8Array): Uint8Array {
  return concat([RUNS_PREFIX, address]);
}

/** The newest last. */
export function runsOf(system: StateReader, address: Uint8Array): readonly ScheduledRun[] {
  const stored = system.get(runsKey(address));
  if (stored === undefined) return [];
  const fields = Fields.parse(stored, "SEAL_BROKEN");
  const runs = parseRuns(fields);
  fields.end();
  return runs;
}

/** Adds a run, and forgets the oldest if there are many. */
export function recordRun(
  system: Overlay,
  address: Uint8Array,
  run: Omit<ScheduledRun, "end"> & { readonly outcome: Outcome },
): void {
  const { height, method, gasUsed, outcome } = run;
  const end = outcome.kind === "fault" ? { fault: outcome.code } : endOf(outcome);
  const runs = [...runsOf(system, address), { height, method, gasUsed, end }];
  system.set(runsKey(address), encodeRuns(runs.slice(-SCHEDULED_RUNS_MAX)));
}

function endOf(outcome: Exclude<Outcome, { kind: "fault" }>): ScheduledRun["end"] {
  return outcome.kind === "returned" ? "returned" : { error: outcome.name };
}

export function removeRuns(system: Overlay, address: Uint8Array): void {
  if (system.get(runsKey(address)) !== undefined) system.remove(runsKey(address));
}
