/**
 * Everything the enclave's logic may do to the world, handed to it at start.
 *
 * There is nothing else: this code cannot name a clock, a socket or a file.
 *
 * @module
 */
import type { EgressToEnclave } from "#protocol/egress.ts";
import type { ClusterConfig } from "#protocol/info.ts";
import type { EnclaveToWorker } from "#protocol/messages.ts";
import type { Tee } from "#attest/tee.ts";
import type { EnclavePrimitives } from "#crypto/enclave-primitives.ts";
import type { Entropy } from "#crypto/primitives.ts";
import type { Watch } from "#host/functions/watch.ts";
import type { HttpCaller, LiveHttp } from "#host/http/power.ts";
import type { AdmitOptions } from "#host/vm/admit.ts";
import type { NextTurn } from "#exec/turns.ts";

/** HTTP for contracts, within what the cluster's configuration grants. */
export interface HttpCapability {
  /**
   * The HTTP power of one call; every request ends in a result within its deadline.
   *
   * @param caller - Whose limits and connections it uses, and what it declares that it asks.
   */
  live(caller: HttpCaller): LiveHttp;
  /** Takes what the worker process answers to lookups and tunnels. */
  receive(message: EgressToEnclave): void;
}

export interface Powers {
  readonly primitives: EnclavePrimitives;
  readonly entropy: Entropy;
  /** Unix time in milliseconds. The operator sets this clock; the log keeps it from running back. */
  readonly untrustedClockMs: () => number;
  /** Lets everything that has arrived be taken in before it resolves. */
  readonly nextTurn: NextTurn;
  readonly tee: Tee;
  /** @throws {@link Fault} `EGRESS_CONFIG` for a configuration that does not parse. */
  readonly http: (config: ClusterConfig) => HttpCapability;
  readonly send: (message: EnclaveToWorker) => void;
  /** Whether commands and planned calls have the thread to themselves until they end; for test kits. */
  readonly runsLogAtOnce?: boolean;
  /** Whether a trap tells its caller where in the contract's code it happened; for test kits. */
  readonly locatesTraps?: boolean;
  /** Puts probes into the code of contracts before it is metered; for test kits. */
  readonly instrument?: AdmitOptions["instrument"];
  /** Eyes on the calls of contracts; for test kits. */
  readonly watch?: Watch;
  /** Ends the process: an invariant is broken, and nothing it would say can be trusted any more. */
  readonly abort: (error: unknown) => void;
}
