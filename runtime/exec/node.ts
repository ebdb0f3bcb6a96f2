/**
 * One restored enclave: what request handling and execution share.
 *
 * @module
 */
import type { Sessions } from "#session/sessions.ts";
import type { Cluster } from "#exec/cluster.ts";
import type { Contracts } from "#exec/contracts.ts";
import type { Executor } from "#exec/executor.ts";
import type { HttpCapability, Powers } from "#exec/powers.ts";
import type { Replica } from "#exec/replica.ts";
import type { Turns } from "#exec/turns.ts";

export interface Node {
  readonly powers: Powers;
  readonly cluster: Cluster;
  readonly replica: Replica;
  readonly sessions: Sessions;
  readonly contracts: Contracts;
  readonly executor: Executor;
  /** The clock, never behind the log. */
  readonly timeMs: () => number;
  readonly http: HttpCapability;
  /** Whose slice of the thread comes next. */
  readonly turns: Turns;
}
