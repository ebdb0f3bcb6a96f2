/**
 * One restored enclave: what request handling and execution share.
 *
 * @module
 */
import type { Executor } from "#exec/executor.ts";
import type { Parts } from "#exec/parts.ts";
import type { HttpCapability, Powers } from "#exec/powers.ts";
import type { Turns } from "#exec/turns.ts";

export interface Node extends Parts {
  readonly powers: Powers;
  readonly executor: Executor;
  /** The clock, never behind the log. */
  readonly timeMs: () => number;
  readonly http: HttpCapability;
  /** Whose slice of the thread comes next. */
  readonly turns: Turns;
}
