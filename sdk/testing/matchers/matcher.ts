/**
 * What our matchers have in common.
 *
 * @module
 */
import type { MatcherState } from "vitest";

export interface Verdict {
  readonly pass: boolean;
  readonly message: () => string;
  readonly actual?: unknown;
  readonly expected?: unknown;
}

/** Whether all that is expected is there; what else is there does not matter. */
export function includes(state: MatcherState, actual: unknown, expected: unknown): boolean {
  return state.equals(actual, expected, [state.utils.subsetEquality]);
}
