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
import type {
  CallResult,
  Commands,
  Deployment,
  Queries,
  QueryOptions,
} from "#sdk/client/contract/handle.ts";
import type { BuiltArtefact } from "#sdk/testing/artefact.ts";
import { accountOf, type Caller } from "#sdk/testing/callers.ts";
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

export type MakeCall = (call: PlannedCall) => Promise<CallResult<Abi, unknown>>;

export class TestContract<const A extends Abi = Abi> {
  readonly abi: A;
  /** 64 hexadecimal digits. */
  readonly address: Account;
  readonly deployment: Deployment;
  readonly artefact: BuiltArtefact<A>;
  /** Who calls through this handle. */
  readonly caller: Caller;
  /** One function per `@command` method. */
  readonly command: Commands<A>;
  /** One function per `@query` method. */
  readonly query: Queries<A>;
  readonly #call: MakeCall;

  constructor(
    artefact: BuiltArtefact<A>,
    address: Account,
    deployment: Deployment,
    caller: Caller,
    call: MakeCall,
  ) {
    this.artefact = artefact;
    this.abi = artefact.abi;
    this.address = address;
    this.deployment = deployment;
    this.caller = caller;
    this.#call = call;
    // The types are computed from the same ABI as the functions.
    this.command = this.#functions("command") as Commands<A>;
    this.query = this.#functions("query") as Queries<A>;
  }

  /** The account that calls through this handle, hex. */
  get account(): Account {
    return accountOf(this.caller);
  }

  /** The same contract, called by somebody else. */
  as(caller: Caller): TestContract<A> {
    return new TestContract(this.artefact, this.address, this.deployment, caller, this.#call);
  }

  /** An object that inherits nothing, as in the client: a method may be named anything. */
  #functions(kind: "command" | "query"): object {
    const functions: object = Object.create(null) as object;
    for (const { name, kind: own } of this.abi.methods) {
      if (own !== kind) continue;
      const value = this.#functionOf(kind, name);
      Object.defineProperty(functions, name, { value, enumerable: true });
    }
    return Object.freeze(functions);
  }

  #functionOf(kind: "command" | "query", method: string): unknown {
    const { caller } = this;
    // The world reads the handle by its ABI alone, so the static type does not matter to it.
    const contract = this as unknown as TestContract;
    const plan = { kind, caller, contract, method };
    const detailed = (args?: unknown, options?: QueryOptions): Promise<CallResult<Abi, unknown>> =>
      this.#call({ ...plan, args, options, site: callSite(detailed) });
    if (kind === "command") return detailed;
    const plain = async (args?: unknown, options?: QueryOptions): Promise<unknown> =>
      (await this.#call({ ...plan, args, options, site: callSite(plain) })).value;
    return Object.assign(plain, { detailed });
  }
}
