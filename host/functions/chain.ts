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
  Allowance,
  AskedUpgrade,
  CallEnvironment,
  CallMode,
  Link,
  NewContract,
  PreparedCall,
  Scheduler,
  SubCall,
} from "#host/functions/environment.ts";
import type { CallOutcome } from "#host/functions/outcome.ts";
import type { ChainWatch } from "#host/functions/watch.ts";
import { LOAD_GAS_PER_BYTE } from "#host/functions/prices.ts";
import { Layer, type AddressText, type Upgrade } from "#host/state/layer.ts";
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

/** A call of new code that takes over. */
export interface Migration {
  readonly address: Uint8Array;
  readonly module: AdmittedModule;
  readonly request: Pick<CallRequest, "method" | "args">;
  readonly environment: CallEnvironment;
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

  get writtenBytes(): number {
    return this.layer.writtenBytes;
  }

  prepare(call: SubCall, stackLeft: number): PreparedCall {
    let found: Found;
    try {
      found = this.#find(call);
    } catch (error) {
      return { gas: 0, run: refusalOf(error) };
    }
    return { gas: found.gas, run: this.#runner(call, found, stackLeft) };
  }

  /** The contract that is called. Looking for it is what the number of calls bounds. */
  #find({ kind, target }: SubCall): Found {
    if (this.mode === "query" && kind === "command") throw new Fault("MODE_REFUSED");
    if (this.#depth >= CALL_DEPTH_MAX) throw new Fault("CALL_DEPTH", { limit: CALL_DEPTH_MAX });
    this.budget.takeCall();
    return this.#chain.resident(target, this.layer);
  }

  prepareBirth(birth: NewContract, stackLeft: number): PreparedCall {
    try {
      if (this.#depth >= CALL_DEPTH_MAX) throw new Fault("CALL_DEPTH", { limit: CALL_DEPTH_MAX });
      this.budget.takeCall();
      const module = this.#chain.life.code(this.layer, birth.codeHash);
      const stackBytes = stackLeft - CALL_STACK_BYTES - module.staticStackBytes;
      if (stackBytes < 0) throw new Fault("STACK_OVERFLOW");
      const run = (allowance: Allowance) => this.#bear(birth, stackBytes, allowance);
      return { gas: loadGas(module), run };
    } catch (error) {
      return { gas: 0, run: refusalOf(error) };
    }
  }

  /** Makes a contract and runs its first call; both or neither stay. */
  #bear(
    birth: NewContract,
    stackBytes: number,
    { gasLimit, sliceGas, heldBytes }: Allowance,
  ): CallOutcome | Promise<CallOutcome> {
    const layer = new Layer(this.layer);
    let born: [Uint8Array, Resident];
    try {
      born = this.#chain.create(layer, Uint8Array.fromHex(this.address), birth);
    } catch (error) {
      layer.revert();
      return { end: { kind: "fault", fault: refusalOf(error) }, gasUsed: 0, events: [], logs: [] };
    }
    const [target, resident] = born;
    const { method, args } = birth;
    const facts = { mode: "init", address: toHex(target), layer, stackBytes, heldBytes } as const;
    const request = { target, method, args, gasLimit, sliceGas };
    const named = (outcome: CallOutcome): CallOutcome =>
      outcome.end.kind === "returned"
        ? { ...outcome, end: { kind: "returned", value: target } }
        : outcome;
    const running = this.#run(resident, request, new Place(this.#chain, this, facts));
    return running instanceof Promise ? running.then(named) : named(running);
  }

  ask(upgrade: Upgrade): AskedUpgrade {
    try {
      const module = this.#chain.life.code(this.layer, upgrade.codeHash);
      this.#tryUpgrade(upgrade);
      this.layer.ask(this.address, upgrade);
      return { gas: loadGas(module) };
    } catch (error) {
      return { gas: 0, refusal: refusalOf(error) };
    }
  }

  /** Sees now whether it will be refused then, in a layer of which nothing stays. */
  #tryUpgrade({ codeHash }: Upgrade): void {
    const layer = new Layer(this.layer);
    try {
      this.#chain.life.upgrade(layer, Uint8Array.fromHex(this.address), codeHash);
    } finally {
      layer.revert();
    }
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
    call: Pick<SubCall, "target"> & CallRequest,
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

/** What the first call of a contract in a chain costs: its code may have to be compiled. */
function loadGas({ coreBytes }: AdmittedModule): number {
  return coreBytes * LOAD_GAS_PER_BYTE;
}

/** The fault that a contract is told of. @throws What is none, or is the machine's. */
function refusalOf(error: unknown): Fault {
  if (error instanceof Fault && error.side !== "enclave") return error;
  throw error;
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
