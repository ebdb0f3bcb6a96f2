/**
 * What surrounds a chain of calls: how it finds contracts, and what it may do to them.
 *
 * @module
 */
import type { CallEnvironment, NewContract, Scheduler } from "#host/functions/environment.ts";
import type { ChainWatch } from "#host/functions/watch.ts";
import type { Layer } from "#host/state/layer.ts";
import type { StateReader } from "#host/state/reader.ts";
import type { AdmittedModule } from "#host/vm/admit.ts";

/** A contract as a chain finds it. */
export interface Resident extends Pick<
  CallEnvironment,
  "random" | "contractSecret" | "secret" | "http"
> {
  readonly module: AdmittedModule;
  /** Its committed state. */
  readonly state: StateReader;
}

/** What surrounds a chain. */
export interface ChainSite extends Pick<
  CallEnvironment,
  "nowSeconds" | "height" | "primitives" | "pace"
> {
  /**
   * Finds a contract, also one that a call has made whose layer that is, or one below it.
   *
   * @throws {@link Fault} if there is no such contract, or it cannot be called.
   */
  readonly find: (address: Uint8Array, layer: Layer) => Resident;
  /** What calls may do to contracts as such; absent where they may not. */
  readonly life?: Life;
  /** What a contract can plan, kept in the layer of the call that plans it. */
  readonly scheduler?: (layer: Layer, self: Uint8Array) => Scheduler;
  /**
   * Makes room for one more stack that may be suspended, beside the first call's own.
   *
   * @returns Gives the room back.
   * @throws {@link Fault} `BUSY` if there is none.
   */
  readonly takeStack?: () => () => void;
  /** Eyes on its calls, if somebody has them. */
  readonly watch?: ChainWatch;
}

/** What calls may do to contracts as such, kept in the layer of the call that does it. */
export interface Life {
  /** @throws {@link Fault} `CODE_UNKNOWN` if the cluster does not hold it. */
  code(layer: Layer, codeHash: Uint8Array): AdmittedModule;
  /**
   * Makes a contract.
   *
   * @returns Its address.
   * @throws {@link Fault} `CODE_UNKNOWN`, `CONTRACT_EXISTS` or `CONTRACT_DESTROYED`.
   */
  create(layer: Layer, creator: Uint8Array, birth: NewContract): Uint8Array;
  /**
   * Gives a contract other code.
   *
   * @throws {@link Fault} `CODE_UNKNOWN`, `CONTRACT_FROZEN` or `UPGRADES_LIMIT`.
   */
  upgrade(layer: Layer, address: Uint8Array, codeHash: Uint8Array): void;
}
