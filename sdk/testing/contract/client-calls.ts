/**
 * How a world reaches its contracts: through the real client, once for each caller.
 *
 * What a call cost and how it failed is noted on the way, and a failure of the kit itself, which the client
 * can only pass on as a number, comes out as what it was.
 *
 * @module
 */
import type { Entropy, Primitives } from "#crypto/primitives.ts";
import type { Abi } from "#protocol/abi.ts";
import type { AccountClient } from "#sdk/client/account-client.ts";
import { connectWith } from "#sdk/client/connect.ts";
import type { Contract } from "#sdk/client/contract/contract.ts";
import type { ContractDescription, ContractSchedule } from "#sdk/client/contract/description.ts";
import type { DeployOptions } from "#sdk/client/contract/deploy.ts";
import type { CallResult, Done, Estimate, UpgradeOptions } from "#sdk/client/contract/handle.ts";
import type { Network } from "#sdk/client/network.ts";
import { builtArtefact, type BuiltArtefact, type TestArtefact } from "#sdk/testing/artefact.ts";
import { accountOf, signerOf, type Caller } from "#sdk/testing/callers.ts";
import { withCallSite, type CallSite } from "#sdk/testing/contract/call-site.ts";
import { withOtherArgs } from "#sdk/testing/contract/other-events.ts";
import {
  TestContract,
  type ContractWorld,
  type PlannedCall,
  type PlannedEstimate,
} from "#sdk/testing/contract/test-contract.ts";
import { foundArtefact } from "#sdk/testing/insight/findings.ts";
import type { Observed } from "#sdk/testing/observed.ts";
import { WORLD_URL, type WorldApi } from "#sdk/testing/operator/api.ts";

export interface ClientCallsOptions {
  readonly api: WorldApi;
  readonly observed: Observed;
  readonly entropy: Entropy;
  readonly primitives: Primitives;
}

export class ClientCalls implements ContractWorld {
  readonly #options: ClientCallsOptions;
  readonly #observed: Observed;
  readonly #handles = new Map<string, Contract>();
  #network: Promise<Network> | undefined;

  constructor(options: ClientCallsOptions) {
    this.#options = options;
    this.#observed = options.observed;
  }

  /** The real client, connected to the world as a caller. */
  async client(caller: Caller): Promise<AccountClient> {
    const { entropy, primitives, api } = this.#options;
    this.#network ??= connectWith(entropy, WORLD_URL, {
      trust: { allowSimulated: true },
      primitives,
      fetch: api.fetch,
    });
    return (await this.#network).as(signerOf(caller));
  }

  /** Begins with new clients: those that have seen a later state would refuse an earlier one, as they must. */
  forget(): void {
    this.#network = undefined;
    this.#handles.clear();
  }

  deploy<A extends Abi>(
    artefact: BuiltArtefact<A>,
    caller: Caller,
    options: DeployOptions<A>,
    site: CallSite,
  ): Promise<TestContract<A>> {
    return this.#at(site, async () => {
      const client = await this.client(caller);
      const { address, deployment } = await client.deploy<A>(artefact, options);
      if (deployment === undefined) throw new Error("a deployed contract without deployment");
      this.#observed.learn(address, artefact);
      this.#observed.record(artefact.abi.contract, "@init", deployment);
      return new TestContract(artefact, address, deployment, caller, this);
    });
  }

  upgrade<B extends Abi>(
    contract: TestContract,
    artefact: TestArtefact<B>,
    options: UpgradeOptions<B>,
    site: CallSite,
  ): Promise<TestContract<B>> {
    const built = builtArtefact(artefact);
    foundArtefact(built);
    const { address, caller } = contract;
    return this.#at(site, async () => {
      const handle = await this.#handle(caller, contract);
      const { deployment } = await handle.upgrade<B>(built, options);
      if (deployment === undefined) throw new Error("an upgraded contract without deployment");
      this.#observed.learn(address, built);
      this.#observed.record(built.abi.contract, "@migrate", deployment);
      return new TestContract(built, address, deployment, caller, this);
    });
  }

  call(call: PlannedCall): Promise<CallResult<Abi, unknown>> {
    const { kind, caller, contract, method, args, options, site } = call;
    const { contract: name } = contract.abi;
    return this.#at(site, async () => {
      const handle = await this.#handle(caller, contract);
      try {
        const result = await handle[kind === "command" ? "run" : "read"](method, args, options);
        this.#observed.record(name, method, result);
        return withOtherArgs(result, (address) => this.#observed.abiOf(address));
      } catch (error) {
        const report = (error as { readonly call?: CallResult<Abi, unknown> }).call;
        if (report !== undefined) this.#observed.record(name, method, report);
        throw error;
      }
    });
  }

  estimate({ contract, method, args, options, site }: PlannedEstimate): Promise<Estimate> {
    return this.#at(site, async () => {
      const handle = await this.#handle(contract.caller, contract);
      return handle.tryOut(method, args, options);
    });
  }

  end(contract: TestContract, op: "freeze" | "destroy"): Promise<Done> {
    return this.#asCaller(contract, (handle) => handle[op]());
  }

  schedule(contract: TestContract): Promise<ContractSchedule> {
    return this.#asCaller(contract, (handle) => handle.schedule());
  }

  describe(contract: TestContract): Promise<ContractDescription> {
    return this.#asCaller(contract, (handle) => handle.describe());
  }

  #asCaller<T>(contract: TestContract, run: (handle: Contract) => Promise<T>): Promise<T> {
    return this.#bare(async () => run(await this.#handle(contract.caller, contract)));
  }

  /** Runs a call; the trace of an error that it ends with leads to its place. */
  #at<T>(site: CallSite, run: () => Promise<T>): Promise<T> {
    return withCallSite(site, this.#observed.framesOf, () => this.#bare(run));
  }

  /** Runs a call; if the kit itself has failed behind it, that is what it ends with. */
  async #bare<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      throw this.#options.api.failureOf(error) ?? error;
    }
  }

  /** The client's handle, made once for each caller and contract. */
  async #handle(caller: Caller, contract: TestContract): Promise<Contract> {
    const { codeHash } = contract;
    const name = `${accountOf(caller)} ${contract.address} ${codeHash}`;
    let handle = this.#handles.get(name);
    if (handle === undefined) {
      handle = (await this.client(caller)).contract<Abi>(contract.abi, contract.address, {
        codeHash,
      });
      this.#handles.set(name, handle);
    }
    return handle;
  }
}
