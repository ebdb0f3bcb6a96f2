/**
 * A stretch of keys, between bounds that a contract has chosen.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { STATE_KEY_BYTES_MAX } from "#protocol/limits.ts";
import { bytesText, type KeyText } from "#host/state/key.ts";

/** Keys from `start` on and before `end`, or to the last one. */
export interface Stretch {
  readonly start: KeyText;
  readonly end: KeyText | undefined;
  readonly descending: boolean;
}

/** A key and its value; undefined if the key is removed. */
export type Step = readonly [key: KeyText, value: Uint8Array | undefined];

/**
 * The stretch between two bounds that a contract has chosen.
 *
 * @param start - At most one byte longer than a key, so that a walk can go on behind the longest one.
 * @param end - As `start`; empty for no end.
 * @throws {@link Fault} `STATE_KEY` if a bound is over its limit.
 */
export function stretchOf(start: Uint8Array, end: Uint8Array, descending: boolean): Stretch {
  const limit = STATE_KEY_BYTES_MAX + 1;
  for (const { length } of [start, end]) {
    if (length > limit) throw new Fault("STATE_KEY", { length, limit });
  }
  const last = end.length === 0 ? undefined : bytesText(end);
  return { start: bytesText(start), end: last, descending };
}
