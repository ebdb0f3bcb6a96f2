/**
 * Mistakes on the command line.
 *
 * @module
 */
import { WorkerError } from "#worker/error.ts";

/** @param problem - What is wrong, naming the flag or argument. */
export function usage(problem: string): WorkerError {
  return new WorkerError("USAGE", { subject: problem });
}

/** The value of a flag that must be there. */
export function required(value: string | undefined, flag: string): string {
  if (value === undefined) throw usage(`${flag} is required`);
  return value;
}

/** Collects a flag that may be given several times. */
export function collect(value: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), value];
}

/** A whole number from 0. @param most - Largest that means something. */
export function count(
  value: string | undefined,
  flag: string,
  most: number = Number.MAX_SAFE_INTEGER,
): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!/^\d+$/.test(value)) throw usage(`${flag} takes a whole number, not ${value}`);
  if (number > most) throw usage(`${flag} takes at most ${most}, not ${value}`);
  return number;
}
