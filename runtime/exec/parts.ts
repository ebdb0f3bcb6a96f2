/**
 * What executing entries needs, for all that takes part in it.
 *
 * @module
 */
import type { Primitives } from "#crypto/primitives.ts";
import type { Sessions } from "#session/sessions.ts";
import type { Cluster } from "#exec/cluster.ts";
import type { Contracts } from "#exec/contracts.ts";
import type { Replica } from "#exec/replica.ts";

export interface Parts {
  readonly primitives: Primitives;
  readonly cluster: Cluster;
  readonly replica: Replica;
  readonly sessions: Sessions;
  readonly contracts: Contracts;
}
