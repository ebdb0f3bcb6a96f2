/**
 * `TestContract`: the handle of a contract in a world, for one caller.
 *
 * It has the methods of the client's handle and makes its calls through it. It also outlives what the
 * client's does not: a restored world.
 *
 * @module
 */
import type { Abi } from "#protocol/abi.ts";
import type { Account } from "#sdk/client/abi/types.ts";
import type { ContractDescription, ContractSchedule } from "#sdk/client/contract/description.ts";
import type {
  CallResult,
  CommandOptions,
  Commands,
  Deployment,
  Done,
  Estimate,
  Estimators,
  Queries,
  QueryOptions,
  UpgradeOptions,
} from "#sdk/client/contract/handle.ts";
import { codeHashOf, type BuiltArtefact, type TestArtefact } from "#sdk/testing/artefact.ts";
import { accountOf, type Caller } from "#sdk/testing/callers.ts";
import { kitError } from "#sdk/testing/errors/kit-error.ts";
import { callSite, type CallSite } from "#sdk/testing/contract/call-site.ts";

/** One call, as the world makes it. */
export interface PlannedCall {
  readonly kind: "command" | "query";
  readonly caller: Caller;
  readonly contract: TestContract;
  readonly method: string;
  readonly args: unknown;
  readonly options: QueryOptions | undefined;
  readonly site: CallSite;
}

/** One estimate, as the world makes it. */
export type PlannedEstimate = Omit<PlannedCall, "kind" | "caller">;

/** What a handle asks its world for. */
export interface ContractWorld {
  call(call: PlannedCall): Promise<CallResult<Abi, unknown>>;
  estimate(call: PlannedEstimate): Promise<Estimate>;
  upgrade<B extends Abi>(
    contract: TestContract,
    artefact: TestArtefact<B>,
    options: UpgradeOptions<B>,
    site: CallSite,
  ): Promise<TestContract<B>>;
  end(contract: TestContract, op: "freeze" | "destroy"): Promise<Done>;
  describe(contract: TestContract): Promise<ContractDescription>;
  schedule(contract: TestContract): Promise<ContractSchedule>;
}

export class TestContract<const A extends Abi = Abi> {
  readonly abi: A;
  /** 64 hexadecimal digits. */
  readonly address: Account;
  readonly artefact: BuiltArtefact<A>;
  /** Who calls through this handle. */
  readonly caller: Caller;
  /** One function per `@command` method. */
  readonly command: Commands<A>;
  /** One function per `@query` method. */
  readonly query: Queries<A>;
  /** What each `@command` method would cost; nothing is changed. */
  readonly estimate: Estimators<A>;
  /** SHA-256 of the code that may see its calls, hex. */
  readonly codeHash: string;
  readonly #deployment: Deployment | undefined;
  readonly #world: ContractWorld;

  constructor(
    artefact: BuiltArtefact<A>,
    address: Account,
    deployment: Deployment | undefined,
    caller: Caller,
    world: ContractWorld,
  ) {
    this.artefact = artefact;
    this.abi = artefact.abi;
    this.address = address;
    this.codeHash = deployment?.codeHash ?? codeHashOf(artefact);
    this.#deployment = deployment;
    this.caller = caller;
    this.#world = world;
    // The types are computed from the same ABI as the functions.
    this.command = this.#functions("command") as Commands<A>;
    this.query = this.#functions("query") as Queries<A>;
    this.estimate = this.#functions("estimate") as Estimators<A>;
  }

  /** The account that calls through this handle, hex. */
  get account(): Account {
    return accountOf(this.caller);
  }

  /** How it came to its code. @throws {@link HermeticError} `NOT_DEPLOYED` if it was there before the world. */
  get deployment(): Deployment {
    if (this.#deployment === undefined) throw kitError("NOT_DEPLOYED", this.abi.contract);
    return this.#deployment;
  }

  /** The same contract, called by somebody else. */
  as(caller: Caller): TestContract<A> {
    return new TestContract(this.artefact, this.address, this.#deployment, caller, this.#world);
  }

  /** The world reads the handle by its ABI alone, so the static type does not matter to it. */
  get #plain(): TestContract {
    return this as unknown as TestContract;
  }

  /**
   * Gives the contract new code, as its owner would.
   *
   * @returns A handle of the new code; this one refuses to call it.
   */
  upgrade<const B extends Abi>(
    artefact: TestArtefact<B>,
    options: UpgradeOptions<B> = {},
  ): Promise<TestContract<B>> {
    return this.#world.upgrade(this.#plain, artefact, options, callSite(this.upgrade));
  }

  /** Makes the contract unchangeable for ever. */
  freeze(): Promise<Done> {
    return this.#world.end(this.#plain, "freeze");
  }

  /** Ends the contract and removes its state. */
  destroy(): Promise<Done> {
    return this.#world.end(this.#plain, "destroy");
  }

  /** Calls that it has planned, and how the last ones ended. */
  schedule(): Promise<ContractSchedule> {
    return this.#world.schedule(this.#plain);
  }

  /** Whose it is and all code it ever ran. */
  describe(): Promise<ContractDescription> {
    return this.#world.describe(this.#plain);
  }

  /** An object that inherits nothing, as in the client: a method may be named anything. */
  #functions(kind: "command" | "query" | "estimate"): object {
    const methodKind = kind === "query" ? "query" : "command";
    const functions: object = Object.create(null) as object;
    for (const { name, kind: own } of this.abi.methods) {
      if (own !== methodKind) continue;
      const value = this.#functionOf(kind, name);
      Object.defineProperty(functions, name, { value, enumerable: true });
    }
    return Object.freeze(functions);
  }

  #functionOf(kind: "command" | "query" | "estimate", method: string): unknown {
    const { caller } = this;
    const contract = this.#plain;
    if (kind === "estimate") {
      const estimate = (args?: unknown, options?: CommandOptions): Promise<Estimate> =>
        this.#world.estimate({ contract, method, args, options, site: callSite(estimate) });
      return estimate;
    }
    const plan = { kind, caller, contract, method };
    const detailed = (args?: unknown, options?: QueryOptions): Promise<CallResult<Abi, unknown>> =>
      this.#world.call({ ...plan, args, options, site: callSite(detailed) });
    if (kind === "command") return detailed;
    const plain = async (args?: unknown, options?: QueryOptions): Promise<unknown> =>
      (await this.#world.call({ ...plan, args, options, site: callSite(plain) })).value;
    return Object.assign(plain, { detailed });
  }
}
