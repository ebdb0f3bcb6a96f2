/**
 * One call's place in its chain: what it may call from there, make, or ask for.
 *
 * What is called writes into a layer of its own, which its caller's takes over if the call returns.
 *
 * @module
 */
import { toHex } from "#protocol/bytes.ts";
import { Fault } from "#protocol/fault.ts";
import { CALL_DEPTH_MAX, CALL_STACK_BYTES } from "#protocol/limits.ts";
import type { CallBudget } from "#host/functions/budget.ts";
import { runCall, runCallAsync, type CallRequest } from "#host/functions/call.ts";
import type { Life, Resident } from "#host/functions/chain-site.ts";
import type {
  Allowance,
  AskedUpgrade,
  CallEnvironment,
  CallMode,
  Link,
  NewContract,
  PreparedCall,
  SubCall,
} from "#host/functions/environment.ts";
import type { CallOutcome } from "#host/functions/outcome.ts";
import { LOAD_GAS_PER_BYTE } from "#host/functions/prices.ts";
import { Layer, type AddressText, type Upgrade } from "#host/state/layer.ts";
import type { AdmittedModule } from "#host/vm/admit.ts";

/** A contract, and what the first call of it in a chain costs. */
export interface Found {
  readonly resident: Resident;
  readonly gas: number;
}

/** What a place asks of the chain that it is in. */
interface PlacedIn {
  readonly budget: CallBudget;
  /** @throws {@link Fault} `MODE_REFUSED` where contracts can do nothing to contracts. */
  readonly life: Life;
  /** Finds a contract. @throws {@link Fault} if there is none, or it cannot be called. */
  resident(address: Uint8Array, layer: Layer): Found;
  /** Makes a contract, in the layer of its first call. */
  create(layer: Layer, creator: Uint8Array, birth: NewContract): [Uint8Array, Resident];
  environment(
    resident: Resident,
    place: Place,
    caller: Uint8Array,
    self: Uint8Array,
  ): CallEnvironment;
  /** Runs a call that may wait, on a stack that counts. */
  wait(run: () => Promise<CallOutcome>): Promise<CallOutcome>;
}

interface PlaceFacts extends Pick<Link, "stackBytes" | "heldBytes"> {
  readonly mode: CallMode;
  readonly address: AddressText;
  readonly layer: Layer;
}

/** One call's place in its chain. */
export class Place implements Link {
  readonly budget: CallBudget;
  readonly stackBytes: number;
  readonly heldBytes: number;
  readonly mode: CallMode;
  readonly address: AddressText;
  readonly layer: Layer;
  readonly #chain: PlacedIn;
  readonly above: Place | undefined;
  readonly #depth: number;

  constructor(chain: PlacedIn, above: Place | undefined, facts: PlaceFacts) {
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
      const end = { kind: "fault", fault: refusalOf(error) } as const;
      return { end, gasUsed: 0, gasRun: 0, events: [], logs: [] };
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
export function loadGas({ coreBytes }: AdmittedModule): number {
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
