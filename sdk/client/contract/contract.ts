/**
 * `Contract`: the handle of one deployed contract, for one account.
 *
 * @module
 */
import type { Abi, AbiMethod } from "#protocol/abi.ts";
import { equalBytes, toHex } from "#protocol/bytes.ts";
import { COMMAND_GAS_MAX, QUERY_GAS_MAX } from "#protocol/limits.ts";
import type { CallBody } from "#protocol/request.ts";
import { encodeArgs } from "#sdk/client/abi/encode.ts";
import { methodOf } from "#sdk/client/abi/lookup.ts";
import type { Account } from "#sdk/client/abi/types.ts";
import type { Caller, Verified } from "#sdk/client/call/caller.ts";
import type {
  CallResult,
  Commands,
  ContractErrorOf,
  Deployment,
  Queries,
  QueryOptions,
} from "#sdk/client/contract/handle.ts";
import { countOption, gasOption } from "#sdk/client/contract/options.ts";
import { decodedResult } from "#sdk/client/contract/outcome.ts";
import { clientError } from "#sdk/client/errors/client-error.ts";
import { ContractError } from "#sdk/client/errors/contract-error.ts";
import { Deadline } from "#sdk/client/transport/deadline.ts";

/** Which contract, and what is known of it. */
export interface ContractSite<A extends Abi> {
  readonly abi: A;
  readonly address: Uint8Array;
  /** Code the contract must run, SHA-256; any if left out. */
  readonly codeHash?: Uint8Array | undefined;
  readonly deployment?: Deployment | undefined;
  /** Milliseconds a call may take unless it says otherwise. */
  readonly timeoutMs: number;
}

export class Contract<const A extends Abi = Abi> {
  readonly abi: A;
  /** 64 hexadecimal digits. */
  readonly address: Account;
  /** How it was deployed, if this handle is from `deploy`. */
  readonly deployment: Deployment | undefined;
  /** One function per `@command` method. */
  readonly command: Commands<A>;
  /** One function per `@query` method. */
  readonly query: Queries<A>;
  readonly #caller: Caller;
  readonly #site: ContractSite<A>;

  constructor(caller: Caller, site: ContractSite<A>) {
    this.abi = site.abi;
    this.address = toHex(site.address);
    this.deployment = site.deployment;
    this.#caller = caller;
    this.#site = site;
    // The types are computed from the same ABI as the functions.
    this.command = this.#functions("command") as Commands<A>;
    this.query = this.#functions("query") as Queries<A>;
  }

  /** One function per method, in an object that inherits nothing: a method may be named anything. */
  #functions(kind: "command" | "query"): object {
    const functions: object = Object.create(null) as object;
    for (const { name, kind: own } of this.abi.methods) {
      if (own !== kind) continue;
      Object.defineProperty(functions, name, {
        value: kind === "command" ? this.#commandNamed(name) : this.#queryNamed(name),
        enumerable: true,
      });
    }
    return Object.freeze(functions);
  }

  #commandNamed(name: string): unknown {
    return (args?: unknown, options?: QueryOptions) => this.run(name, args, options);
  }

  #queryNamed(name: string): unknown {
    const detailed = (args?: unknown, options?: QueryOptions): Promise<CallResult<Abi, unknown>> =>
      this.read(name, args, options);
    const plain = async (args?: unknown, options?: QueryOptions): Promise<unknown> =>
      (await detailed(args, options)).value;
    return Object.assign(plain, { detailed });
  }

  /** Runs the command of that name: for programs that learn the ABI only when they run. */
  async run(
    name: string,
    args?: unknown,
    options: QueryOptions = {},
  ): Promise<CallResult<Abi, unknown>> {
    const method = methodOf(this.abi, "command", name);
    const gasLimit = gasOption(options.gasLimit, COMMAND_GAS_MAX);
    const body = this.#body(method, args, gasLimit);
    const { address } = this.#site;
    const verified = await this.#caller.command(address, [address], body, this.#deadline(options));
    return this.#result(name, method.output, verified);
  }

  /** Asks the query of that name: for programs that learn the ABI only when they run. */
  async read(
    name: string,
    args?: unknown,
    options: QueryOptions = {},
  ): Promise<CallResult<Abi, unknown>> {
    const method = methodOf(this.abi, "query", name);
    const gasLimit = gasOption(options.gasLimit, QUERY_GAS_MAX);
    const body = this.#body(method, args, gasLimit);
    const atLeast = countOption("atLeast", options.atLeast ?? 0);
    const { address } = this.#site;
    const verified = await this.#caller.query(address, body, this.#deadline(options), atLeast);
    return this.#result(name, method.output, verified);
  }

  #body(method: AbiMethod, args: unknown, gasLimit: number): CallBody {
    return { op: "call", method: method.name, args: encodeArgs(this.abi, method, args), gasLimit };
  }

  #deadline({ timeoutMs, signal }: QueryOptions): Deadline {
    return new Deadline(countOption("timeoutMs", timeoutMs ?? this.#site.timeoutMs), signal);
  }

  #result(
    method: string,
    output: Parameters<typeof decodedResult>[1],
    verified: Verified,
  ): CallResult<Abi, unknown> {
    const { abi, address, codeHash } = this.#site;
    const returned = verified.reply.outcome.kind !== "fault";
    if (returned && codeHash !== undefined && !equalBytes(codeHash, verified.reply.codeHash)) {
      throw clientError("CODE_CHANGED", `it is ${toHex(verified.reply.codeHash)}`);
    }
    return decodedResult({ abi, contract: address, method }, output, verified);
  }

  /** Whether an error is one of this contract's own, so that `name` tells which and types its `args`. */
  isError(error: unknown): error is ContractErrorOf<A> {
    return error instanceof ContractError && error.contract === this.address;
  }
}
