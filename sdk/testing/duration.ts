/**
 * Lengths of time as tests write them.
 *
 * @module
 */

/** Milliseconds as a number, or parts that add up. */
export type Duration =
  | number
  | {
      readonly days?: number;
      readonly hours?: number;
      readonly minutes?: number;
      readonly seconds?: number;
      readonly ms?: number;
    };

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export function durationMs(duration: Duration): number {
  if (typeof duration === "number") return duration;
  const { days = 0, hours = 0, minutes = 0, seconds = 0, ms = 0 } = duration;
  return days * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND + ms;
}
