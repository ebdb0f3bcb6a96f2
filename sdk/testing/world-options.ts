/**
 * What a world, and a contract in it, may be made with.
 *
 * @module
 */
import type { Abi } from "#protocol/abi.ts";
import type { DeployOptions } from "#sdk/client/contract/deploy.ts";
import type { Caller } from "#sdk/testing/callers.ts";
import type { Seed } from "#sdk/testing/enclave/entropy.ts";

export interface WorldOptions {
  /** Addresses contracts may reach besides public ones on port 443: CIDR or host, optionally with `:port`. */
  readonly egressGrants?: readonly string[];
  /** Pages (64 KiB) a contract's memory may have. */
  readonly memoryPagesMax?: number;
  /** When the world begins; 2030-01-01T00:00:00Z if left out. */
  readonly startsAt?: Date;
  /** What keys, addresses and `ctx.random` are drawn from: the same calls give the same world. Left out, it is chance. */
  readonly seed?: Seed;
  /**
   * Data directory of a worker that is not running. The world goes on from its state, time and
   * configuration; the directory stays as it is.
   */
  readonly fork?: string;
}

export interface WorldDeployOptions<A extends Abi> extends DeployOptions<A> {
  /** Who deploys, and calls if nobody else is named; "owner" if left out. */
  readonly caller?: Caller;
}
