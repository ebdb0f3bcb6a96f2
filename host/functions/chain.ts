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
import { CALL_DEPTH_MAX, CALL_STACK_BYTES, STACK_BYTES_MAX } from "#protocol/limits.ts";
import { runCall, runCallAsync, type CallRequest } from "#host/functions/call.ts";
import { CallBudget } from "#host/functions/budget.ts";
import type {
  CallEnvironment,
  CallMode,
  Link,
  PreparedCall,
  Scheduler,
  SubCall,
} from "#host/functions/environment.ts";
import type { CallOutcome } from "#host/functions/outcome.ts";
import type { ChainWatch } from "#host/functions/watch.ts";
import { LOAD_GAS_PER_BYTE } from "#host/functions/prices.ts";
import { Layer, type AddressText } from "#host/state/layer.ts";
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
  /** @throws {@link Fault} if there is no such contract, or it cannot be called. */
  readonly find: (address: Uint8Array) => Resident;
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

/** A contract, and what the first call of it in a chain costs. */
interface Found {
  readonly resident: Resident;
  readonly gas: number;
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

  constructor(site: ChainSite) {
    this.#site = site;
  }

  /**
   * The environment of the first call.
   *
   * @throws {@link Fault} as {@link ChainSite.find}.
   */
  first({ mode, caller, address }: FirstCall): CallEnvironment {
    const { resident } = this.resident(address);
    const place = new Place(this, undefined, {
      mode,
      address: toHex(address),
      layer: this.layer,
      stackBytes: STACK_BYTES_MAX,
      heldBytes: 0,
    });
    return this.environment(resident, place, caller, address);
  }

  /** Tells whoever watches that the first call has ended. */
  ended(): void {
    this.#site.watch?.ended();
  }

  /** @throws {@link Fault} as {@link ChainSite.find}. */
  resident(address: Uint8Array): Found {
    const name = toHex(address);
    const known = this.#residents.get(name);
    if (known !== undefined) return { resident: known, gas: 0 };
    const resident = this.#site.find(address);
    this.#residents.set(name, resident);
    return { resident, gas: resident.module.coreBytes * LOAD_GAS_PER_BYTE };
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

interface PlaceFacts extends Pick<Link, "stackBytes" | "heldBytes"> {
  readonly mode: CallMode;
  readonly address: AddressText;
  readonly layer: Layer;
}

/** One call's place in its chain. */
class Place implements Link {
  readonly budget: CallBudget;
  readonly stackBytes: number;
  readonly heldBytes: number;
  readonly mode: CallMode;
  readonly address: AddressText;
  readonly layer: Layer;
  readonly #chain: Chain;
  readonly above: Place | undefined;
  readonly #depth: number;

  constructor(chain: Chain, above: Place | undefined, facts: PlaceFacts) {
    this.budget = chain.budget;
    this.#chain = chain;
    this.above = above;
    this.#depth = above === undefined ? 1 : above.#depth + 1;
    this.stackBytes = facts.stackBytes;
    this.heldBytes = facts.heldBytes;
    this.mode = facts.mode;
    this.address = facts.address;
    this.layer = facts.layer;
  }

  prepare(call: SubCall, stackLeft: number): PreparedCall {
    let found: Found;
    try {
      found = this.#find(call);
    } catch (error) {
      if (error instanceof Fault && error.side !== "enclave") return { gas: 0, run: error };
      throw error;
    }
    return { gas: found.gas, run: this.#runner(call, found, stackLeft) };
  }

  /** The contract that is called. Looking for it is what the number of calls bounds. */
  #find({ kind, target }: SubCall): Found {
    if (this.mode === "query" && kind === "command") throw new Fault("MODE_REFUSED");
    if (this.#depth >= CALL_DEPTH_MAX) throw new Fault("CALL_DEPTH", { limit: CALL_DEPTH_MAX });
    this.budget.takeCall();
    return this.#chain.resident(target);
  }

  #runner(call: SubCall, { resident }: Found, stackLeft: number): PreparedCall["run"] {
    const { module } = resident;
    const address = toHex(call.target);
    if (!isEnterable(address, module.reentrant.has(call.method), this)) {
      return new Fault("CALL_REENTRANT");
    }
    const stackBytes = stackLeft - CALL_STACK_BYTES - module.staticStackBytes;
    if (stackBytes < 0) return new Fault("STACK_OVERFLOW");
    return ({ gasLimit, sliceGas, heldBytes }) => {
      const layer = new Layer(this.layer);
      const facts = { mode: call.kind, address, layer, stackBytes, heldBytes };
      const request = { ...call, gasLimit, sliceGas };
      return this.#run(resident, request, new Place(this.#chain, this, facts));
    };
  }

  #run(
    resident: Resident,
    call: SubCall & CallRequest,
    place: Place,
  ): CallOutcome | Promise<CallOutcome> {
    const { module } = resident;
    const caller = Uint8Array.fromHex(this.address);
    const environment = this.#chain.environment(resident, place, caller, call.target);
    const events = this.budget.events;
    const settle = (outcome: CallOutcome): CallOutcome => {
      if (outcome.end.kind === "returned") place.layer.commit();
      else place.layer.revert();
      if (outcome.end.kind !== "returned") this.budget.rewindEvents(events);
      const { target: contract } = call;
      const emitted = outcome.events.map((event) => ({ contract, ...event }));
      return { ...outcome, events: emitted };
    };
    if (!module.isResumable) return settle(runCall(module, call, environment));
    return this.#chain.wait(() => runCallAsync(module, call, environment)).then(settle);
  }
}

/** Whether no call of the contract is under way from `caller` up, or the method may be entered again. */
function isEnterable(address: AddressText, isReentrant: boolean, caller: Place): boolean {
  for (let place: Place | undefined = caller; place !== undefined; place = place.above) {
    if (place.address !== address) continue;
    // A contract that is being made or remade has no method that could know what state it is in.
    if (place.mode === "init" || place.mode === "migrate" || !isReentrant) return false;
  }
  return true;
}
