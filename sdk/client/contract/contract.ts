/**
 * `Contract`: the handle of one deployed contract, for one account.
 *
 * @module
 */
import type { Abi, AbiMethod } from "#protocol/abi.ts";
import { equalBytes, toHex } from "#protocol/bytes.ts";
import { parseEstimate } from "#protocol/estimate.ts";
import { faults, readableCode } from "#protocol/faults.ts";
import { COMMAND_GAS_MAX, QUERY_GAS_MAX } from "#protocol/limits.ts";
import type { Reply } from "#protocol/reply.ts";
import type { CallBody } from "#protocol/request.ts";
import type { ContractUsage } from "#protocol/usage.ts";
import { encodeArgs } from "#sdk/client/abi/encode.ts";
import { methodOf } from "#sdk/client/abi/lookup.ts";
import { parseAbiText } from "#sdk/client/abi/parse.ts";
import type { Account } from "#sdk/client/abi/types.ts";
import type { Artefact } from "#sdk/client/artefact.ts";
import type { Caller, Verified } from "#sdk/client/call/caller.ts";
import {
  describeContract,
  enclaveResult,
  interfaceText,
  scheduleOf,
  usageOf,
  type ContractDescription,
  type ContractSchedule,
} from "#sdk/client/contract/description.ts";
import type {
  CallResult,
  CommandOptions,
  Commands,
  ContractErrorOf,
  Deployment,
  Done,
  Estimate,
  Estimators,
  Queries,
  QueryOptions,
  UpgradeOptions,
} from "#sdk/client/contract/handle.ts";
import { countOption, gasOption } from "#sdk/client/contract/options.ts";
import { decodedResult } from "#sdk/client/contract/outcome.ts";
import { upgrade } from "#sdk/client/contract/upgrade.ts";
import { clientError } from "#sdk/client/errors/client-error.ts";
import { ContractError } from "#sdk/client/errors/contract-error.ts";
import { Deadline } from "#sdk/client/transport/deadline.ts";

/** Which contract, and what is known of it. */
export interface ContractSite<A extends Abi> {
  readonly abi: A;
  readonly address: Uint8Array;
  /** Code that may see calls, SHA-256; whatever answers first if left out. */
  readonly codeHash?: Uint8Array | undefined;
  readonly deployment?: Deployment | undefined;
  /** Whether code that the owner puts in place of it is called as well. */
  readonly followUpgrades?: boolean | undefined;
}

export class Contract<const A extends Abi = Abi> {
  readonly abi: A;
  /** 64 hexadecimal digits. */
  readonly address: Account;
  /** How it came to its code, if this handle is from `deploy` or `upgrade`. */
  readonly deployment: Deployment | undefined;
  /** One function per `@command` method. */
  readonly command: Commands<A>;
  /** One function per `@query` method. */
  readonly query: Queries<A>;
  /** What each `@command` method would cost; nothing is changed. */
  readonly estimate: Estimators<A>;
  readonly #caller: Caller;
  readonly #site: ContractSite<A>;
  /** Code that may see calls of this handle: what it was made for, or what answered first. */
  #codeHash: Uint8Array | undefined;

  constructor(caller: Caller, site: ContractSite<A>) {
    this.abi = site.abi;
    this.address = toHex(site.address);
    this.deployment = site.deployment;
    this.#caller = caller;
    this.#site = site;
    this.#codeHash = site.followUpgrades === true ? undefined : site.codeHash;
    // The types are computed from the same ABI as the functions.
    this.command = this.#functions("command") as Commands<A>;
    this.query = this.#functions("query") as Queries<A>;
    this.estimate = this.#functions("command", (name) =>
      this.#estimateNamed(name),
    ) as Estimators<A>;
  }

  /** One function per method, in an object that inherits nothing: a method may be named anything. */
  #functions(
    kind: "command" | "query",
    make: (name: string) => unknown = kind === "command"
      ? (name) => this.#commandNamed(name)
      : (name) => this.#queryNamed(name),
  ): object {
    const functions: object = Object.create(null) as object;
    for (const { name, kind: own } of this.abi.methods) {
      if (own !== kind) continue;
      Object.defineProperty(functions, name, { value: make(name), enumerable: true });
    }
    return Object.freeze(functions);
  }

  #commandNamed(name: string): unknown {
    return (args?: unknown, options?: QueryOptions) => this.run(name, args, options);
  }

  #estimateNamed(name: string): unknown {
    return (args?: unknown, options?: CommandOptions) => this.tryOut(name, args, options);
  }

  #queryNamed(name: string): unknown {
    const detailed = (args?: unknown, options?: QueryOptions): Promise<CallResult<Abi, unknown>> =>
      this.read(name, args, options);
    const plain = async (args?: unknown, options?: QueryOptions): Promise<unknown> =>
      (await detailed(args, options)).value;
    return Object.assign(plain, { detailed });
  }

  /**
   * Runs the command of that name: for programs that learn the ABI only when they run.
   *
   * @param args - By name, or in order.
   * @throws {@link ContractError} if the contract refused with an error of its own.
   * @throws {@link HermeticError} `METHOD_UNKNOWN`, `VALUE_INVALID` or `OPTION_INVALID` for what cannot be sent,
   *   `OUTCOME_UNKNOWN` if no sealed answer came, `CODE_CHANGED` if other code runs there, or of kind `trust`,
   *   `unreachable` or `fault`.
   */
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

  /**
   * Estimates the command of that name: for programs that learn the ABI only when they run.
   *
   * @returns How it would end, also if that is a fault, and its gas rounded up by up to a quarter.
   * @throws {@link HermeticError} as {@link run}, but for the command's own fault and `OUTCOME_UNKNOWN`.
   */
  async tryOut(name: string, args?: unknown, options: CommandOptions = {}): Promise<Estimate> {
    const method = methodOf(this.abi, "command", name);
    const gasLimit = gasOption(options.gasLimit, COMMAND_GAS_MAX);
    const body = { ...this.#body(method, args, gasLimit), op: "estimate" } as const;
    const { address } = this.#site;
    const verified = await this.#caller.query(address, body, this.#deadline(options), 0);
    const { value, height } = enclaveResult(address, name, verified);
    const { outcome, gas } = parseEstimate(value);
    if (outcome === "CODE_REPLACED") throw clientError("CODE_CHANGED");
    const isKind = outcome === "returned" || outcome === "failed";
    const told = isKind ? outcome : (readableCode(faults[outcome].number) as `HRM${number}`);
    return { outcome: told, gasUsed: gas, height };
  }

  /**
   * Asks the query of that name: for programs that learn the ABI only when they run.
   *
   * @throws As {@link run}, but for `OUTCOME_UNKNOWN`; {@link HermeticError} `BEHIND` if the worker does not reach
   *   `atLeast` in time.
   */
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
    const body = { op: "call", method: method.name, gasLimit } as const;
    const encoded = encodeArgs(this.abi, method, args);
    const codeHash = this.#codeHash;
    return { ...body, args: encoded, ...(codeHash === undefined ? {} : { codeHash }) };
  }

  #deadline({ timeoutMs, signal }: QueryOptions): Deadline {
    return new Deadline(
      countOption("timeoutMs", timeoutMs ?? this.#caller.connection.timeoutMs),
      signal,
    );
  }

  #result(
    method: string,
    output: Parameters<typeof decodedResult>[1],
    verified: Verified,
  ): CallResult<Abi, unknown> {
    const { abi, address } = this.#site;
    this.#checkCode(verified.reply);
    return decodedResult({ abi, contract: address, method }, output, verified);
  }

  /**
   * Holds the code that answered against the code that was expected. Code that is not was never given
   * the call: the request names what may see it.
   */
  #checkCode({ outcome, codeHash }: Reply): void {
    const isOther = outcome.kind === "fault" && outcome.code === "CODE_REPLACED";
    const own = this.#codeHash;
    if (outcome.kind === "fault" && !isOther) return;
    if (isOther || (own !== undefined && !equalBytes(own, codeHash))) {
      throw clientError("CODE_CHANGED", isOther ? undefined : `it is ${toHex(codeHash)}`);
    }
    if (this.#site.followUpgrades !== true) this.#codeHash = codeHash;
  }

  /**
   * Gives the contract new code and runs its `@migrate` method: for its owner. If anything fails, the
   * old code serves on with the state it had.
   *
   * @returns A handle of the new code; this one refuses it.
   * @throws {@link HermeticError} `LAYOUT_CHANGED` if stored state would be lost and nothing migrates it.
   */
  async upgrade<const B extends Abi = Abi>(
    artefact: Artefact<B>,
    options: UpgradeOptions<B> = {},
  ): Promise<Contract<B>> {
    const { address, followUpgrades } = this.#site;
    const caller = this.#caller;
    const deadline = this.#deadline(options);
    const upgraded = await upgrade(caller, address, artefact, options, deadline);
    const { abi, codeHash, deployment } = upgraded;
    return new Contract<B>(caller, { abi, address, codeHash, deployment, followUpgrades });
  }

  /**
   * Gives up every power over the contract, for ever: nobody can upgrade or destroy it any more.
   *
   * @throws {@link HermeticError} `HRM1332` for anybody but the owner, `HRM1335` if it is frozen already.
   */
  freeze(options: CommandOptions = {}): Promise<Done> {
    return this.#end("freeze", options);
  }

  /**
   * Ends the contract, and removes its state and secrets. Its address is never used again.
   *
   * @throws {@link HermeticError} `HRM1332` for anybody but the owner, `HRM1335` if it is frozen.
   */
  destroy(options: CommandOptions = {}): Promise<Done> {
    return this.#end("destroy", options);
  }

  async #end(op: "freeze" | "destroy", options: CommandOptions): Promise<Done> {
    const { address } = this.#site;
    const deadline = this.#deadline(options);
    const { version } = await describeContract(this.#caller, address, deadline);
    const body = { op, version } as const;
    const verified = await this.#caller.command(address, [address], body, deadline);
    const { height, proof } = enclaveResult(address, op, verified);
    return { height, proof };
  }

  /**
   * Whose it is and all code it ever ran, as its cluster tells anybody.
   *
   * @throws {@link HermeticError} `HRM1321` if there is no contract.
   */
  describe(options: CommandOptions = {}): Promise<ContractDescription> {
    return describeContract(this.#caller, this.#site.address, this.#deadline(options));
  }

  /**
   * The interface of the code that runs now, as it was uploaded.
   *
   * @throws {@link HermeticError} `HRM1332` for anybody but the owner.
   */
  async interface(options: CommandOptions = {}): Promise<Abi> {
    const deadline = this.#deadline(options);
    return parseAbiText(await interfaceText(this.#caller, this.#site.address, deadline));
  }

  /**
   * Calls that the contract has planned, and how the last ones ended.
   *
   * @throws {@link HermeticError} `HRM1332` for anybody but the owner.
   */
  schedule(options: CommandOptions = {}): Promise<ContractSchedule> {
    return scheduleOf(this.#caller, this.#site.address, this.#deadline(options));
  }

  /**
   * What its queries take of the worker's enclave, and how often a cap refused one.
   *
   * @throws {@link HermeticError} `HRM1332` for anybody but the owner.
   */
  usage(options: CommandOptions = {}): Promise<ContractUsage> {
    return usageOf(this.#caller, this.#site.address, this.#deadline(options));
  }

  /** Whether an error is one of this contract's own, so that `name` tells which and types its `args`. */
  isError(error: unknown): error is ContractErrorOf<A> {
    return error instanceof ContractError && error.contract === this.address;
  }
}
