/**
 * A chain of calls: what the client has called, and everything that contracts call from there.
 *
 * All calls of a chain share one height, one time, one transcript and one set of budgets. Each has a
 * layer of writes of its own, so that a call that fails takes back what it did and nothing else.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { toHex } from "#protocol/bytes.ts";
import { STACK_BYTES_MAX } from "#protocol/limits.ts";
import { CallBudget } from "#host/functions/budget.ts";
import type { CallRequest } from "#host/functions/call.ts";
import type { ChainSite, Life, Resident } from "#host/functions/chain-site.ts";
import type { CallEnvironment, NewContract } from "#host/functions/environment.ts";
import type { CallOutcome } from "#host/functions/outcome.ts";
import { loadGas, Place, type Found } from "#host/functions/place.ts";
import { Layer, type AddressText } from "#host/state/layer.ts";
import type { AdmittedModule } from "#host/vm/admit.ts";

/** A call of new code that takes over. */
export interface Migration {
  readonly address: Uint8Array;
  readonly module: AdmittedModule;
  readonly request: Pick<CallRequest, "method" | "args">;
  readonly environment: CallEnvironment;
}

/** The first call of a chain. */
export interface FirstCall extends Pick<CallEnvironment, "mode" | "caller"> {
  readonly address: Uint8Array;
}

export class Chain {
  readonly budget: CallBudget = new CallBudget();
  /** What the first call has written. */
  readonly layer: Layer = new Layer();
  readonly #site: ChainSite;
  /** Kept for the whole chain: a contract's random bytes go on from call to call. */
  readonly #residents = new Map<AddressText, Resident>();
  /** Contracts that calls have made; those of calls that failed are not there, and may be made again. */
  readonly #born = new Set<AddressText>();

  constructor(site: ChainSite) {
    this.#site = site;
  }

  /**
   * The environment of the first call.
   *
   * @throws {@link Fault} as {@link ChainSite.find}.
   */
  first({ mode, caller, address }: FirstCall): CallEnvironment {
    const { resident } = this.resident(address, this.layer);
    const place = new Place(this, undefined, {
      mode,
      address: toHex(address),
      layer: this.layer,
      stackBytes: STACK_BYTES_MAX,
      heldBytes: 0,
    });
    return this.environment(resident, place, caller, address);
  }

  /**
   * Gives a contract the code that a call has asked for, once the first call has returned.
   *
   * @returns What has to run for that; "nothing" if nothing has to; undefined if nobody asks any more.
   * @throws {@link Fault} as {@link Life.upgrade}; `METHOD_UNKNOWN` if the code has nothing to do then, and
   *   `CALLS_LIMIT` if it is a call too many.
   */
  nextMigration(): Migration | "nothing" | undefined {
    const next = this.layer.takeUpgrade();
    if (next === undefined) return undefined;
    const [name, { codeHash, method, args }] = next;
    const address = Uint8Array.fromHex(name);
    this.life.upgrade(this.layer, address, codeHash);
    const { random } = this.resident(address, this.layer).resident;
    const resident = { ...this.#site.find(address, this.layer), random };
    this.#residents.set(name, resident);
    if (method === "") return "nothing";
    const { module } = resident;
    if (!module.migrates) throw new Fault("METHOD_UNKNOWN");
    this.budget.takeCall();
    // The contract does it to itself.
    const environment = this.first({ mode: "migrate", caller: address, address });
    return { address, module, request: { method, args }, environment };
  }

  /** @throws {@link Fault} `MODE_REFUSED` where contracts can do nothing to contracts. */
  get life(): Life {
    if (this.#site.life === undefined) throw new Fault("MODE_REFUSED");
    return this.#site.life;
  }

  /** Makes a contract, in the layer of its first call. */
  create(layer: Layer, creator: Uint8Array, birth: NewContract): [Uint8Array, Resident] {
    const address = this.life.create(layer, creator, birth);
    this.#born.add(toHex(address));
    return [address, this.resident(address, layer).resident];
  }

  /** Tells whoever watches that the first call has ended. */
  ended(): void {
    this.#site.watch?.ended();
  }

  /** @throws {@link Fault} as {@link ChainSite.find}. */
  resident(address: Uint8Array, layer: Layer): Found {
    const name = toHex(address);
    const known = this.#residents.get(name);
    if (known !== undefined && !this.#born.has(name)) return { resident: known, gas: 0 };
    const resident = this.#site.find(address, layer);
    if (known !== undefined) return { resident: known, gas: 0 };
    this.#residents.set(name, resident);
    return { resident, gas: loadGas(resident.module) };
  }

  environment(
    resident: Resident,
    place: Place,
    caller: Uint8Array,
    self: Uint8Array,
  ): CallEnvironment {
    const { nowSeconds, height, primitives, pace, watch } = this.#site;
    const { random, contractSecret, secret, http } = resident;
    const { mode, layer } = place;
    const state = layer.overlay(place.address, resident.state);
    const where = { mode, caller, self, nowSeconds, height };
    const own = { random, contractSecret, state, secret, http };
    const environment = {
      ...where,
      primitives,
      ...own,
      link: place,
      ...(pace && { pace }),
      ...(watch && { watch }),
    };
    const scheduler = this.#site.scheduler?.(layer, self);
    return scheduler === undefined ? environment : { ...environment, scheduler };
  }

  /** Runs a call that may wait, on a stack that counts. */
  async wait(run: () => Promise<CallOutcome>): Promise<CallOutcome> {
    const giveBack = this.#site.takeStack?.();
    try {
      return await run();
    } finally {
      giveBack?.();
    }
  }
}
