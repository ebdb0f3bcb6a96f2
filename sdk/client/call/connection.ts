/**
 * What all accounts of one connection share.
 *
 * @module
 */
import type { Entropy } from "#crypto/primitives.ts";
import type { Checks } from "#sdk/client/call/verify-reply.ts";
import type { Transport } from "#sdk/client/transport/transport.ts";

export interface Connection extends Checks {
  readonly transport: Transport;
  /** Unpredictable bytes: keys of exchanges, nonces, salts. */
  readonly entropy: Entropy;
  /** Milliseconds a call may take unless it says otherwise. */
  readonly timeoutMs: number;
}
