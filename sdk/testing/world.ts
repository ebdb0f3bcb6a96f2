/**
 * `World`: a worker in the test's own process.
 *
 * Calls are sealed by the real client, cross the pipe as bytes, and run in the enclave's own code, so
 * what holds in a world holds on a worker. Only the hardware, the clock, the network and the
 * operator's disk are the test's.
 *
 * @module
 */
import { Grants } from "#host/http/grants.ts";
import type { Abi } from "#protocol/abi.ts";
import { parseInfo, type ClusterConfig } from "#protocol/info.ts";
import { MEMORY_PAGES_MAX } from "#protocol/limits.ts";
import type { Account } from "#sdk/client/abi/types.ts";
import type { AccountClient } from "#sdk/client/account-client.ts";
import { builtArtefact, type TestArtefact } from "#sdk/testing/artefact.ts";
import { accountOf, type Caller } from "#sdk/testing/callers.ts";
import { callSite } from "#sdk/testing/contract/call-site.ts";
import { ClientCalls } from "#sdk/testing/contract/client-calls.ts";
import type { GasTable } from "#sdk/testing/contract/gas.ts";
import { TestContract } from "#sdk/testing/contract/test-contract.ts";
import type { WorldCall } from "#sdk/testing/contract/world-calls.ts";
import { Clock, START_MS } from "#sdk/testing/enclave/clock.ts";
import { entropyOf } from "#sdk/testing/enclave/entropy.ts";
import { makeEnclave } from "#sdk/testing/enclave/enclave.ts";
import type { Fork } from "#sdk/testing/fork/data-directory.ts";
import { WorldPrimitives } from "#sdk/testing/enclave/primitives.ts";
import { mockCapability } from "#sdk/testing/http/capability.ts";
import { HttpMocks } from "#sdk/testing/http/mocks.ts";
import { CallTree } from "#sdk/testing/insight/call-tree.ts";
import {
  counterCount,
  isProfiling,
  foundArtefact,
  keepsSteps,
} from "#sdk/testing/insight/findings.ts";
import { instrument } from "#sdk/testing/insight/profile/instrument.ts";
import { Observed, type WorldLog } from "#sdk/testing/observed.ts";
import { WorldApi } from "#sdk/testing/operator/api.ts";
import { Disk } from "#sdk/testing/operator/disk.ts";
import { Operator } from "#sdk/testing/operator/operator.ts";
import { openSecrets, openStates, type ContractStates } from "#sdk/testing/operator/state.ts";
import { OperatorView } from "#sdk/testing/operator/view.ts";
import { WorldTime } from "#sdk/testing/time.ts";
import type { WorldDeployOptions, WorldOptions } from "#sdk/testing/world-options.ts";
import { WorldSnapshot } from "#sdk/testing/world-snapshot.ts";

const OWNER = "owner";
const SECRET_BYTES = 32;

function configOf({
  egressGrants = [],
  memoryPagesMax = MEMORY_PAGES_MAX,
}: WorldOptions): ClusterConfig {
  return { egressGrants, extraRoots: [], memoryPagesMax };
}

export class World {
  /** Answers to the contracts' HTTP requests. */
  readonly http: HttpMocks;
  /** The clock. It stands still until it is moved. */
  readonly time: WorldTime;
  readonly #observed = new Observed();
  /** What calls have cost. */
  readonly gas: GasTable = this.#observed.gas;
  /** What contracts have logged, oldest first. */
  readonly logs: WorldLog[] = this.#observed.logs;
  /** What contracts have called, with what no caller gets to see: private events, logs, panics. */
  readonly calls: WorldCall[] = this.#observed.calls;
  readonly #clock: Clock;
  readonly #operator: Operator;
  readonly #api: WorldApi;
  readonly #clientCalls: ClientCalls;
  #isRestarting = false;

  /** @param fork - What it goes on from; `createWorld` reads it. */
  constructor(options: WorldOptions, fork?: Fork) {
    const { startsAt, seed } = options;
    const config = fork?.config ?? configOf(options);
    const grants = new Grants(config.egressGrants);
    // A fork begins at its cluster's own time, which the enclave tells once it has recovered.
    const clock = new Clock(fork === undefined ? (startsAt?.getTime() ?? START_MS) : 0);
    const entropy = entropyOf(seed, "enclave");
    const mocks = new HttpMocks(config, clock, () => openSecrets(this.#operator.disk));
    const http = mockCapability({
      mocks,
      grants,
      nowMs: () => clock.ms,
      see: (egress) => this.#operator.recording.see(egress),
      currentRequest: () => this.#operator.lastRequest,
      fail: (request, error) => this.#operator.fail(request, error),
    });
    const primitives = new WorldPrimitives();
    this.#clock = clock;
    this.http = mocks;
    this.#operator = new Operator(
      (send, abort) =>
        makeEnclave({
          primitives: primitives.enclave,
          clock,
          entropy,
          http: () => http,
          send,
          abort,
          instrument: isProfiling ? instrument : undefined,
          watch: () =>
            new CallTree({
              keepsSteps,
              keepsProfile: isProfiling,
              counters: counterCount(),
              ended: (root) => {
                // Entries that are executed again are no news.
                if (!this.#isRestarting) this.#observed.ended(root);
              },
            }),
        }),
      config,
      fork?.disk ?? new Disk(entropy(SECRET_BYTES)),
    );
    if (fork !== undefined) clock.ms = this.#lastMs();
    this.#api = new WorldApi(this.#operator);
    this.#clientCalls = new ClientCalls({
      api: this.#api,
      observed: this.#observed,
      entropy: entropyOf(seed, "client"),
      primitives: primitives.client,
    });
    this.time = new WorldTime(clock, {
      lastMs: () => this.#lastMs(),
      checkpoint: () => this.#operator.checkpoint(),
    });
  }

  /** The time of the log. An enclave tells that if no clock is ahead of it. */
  #lastMs(): number {
    const { ms } = this.#clock;
    this.#clock.ms = 0;
    const { timeMs } = parseInfo(this.#operator.info());
    this.#clock.ms = ms;
    return timeMs;
  }

  #restart(disk: Disk, rebuild = false): void {
    this.#isRestarting = true;
    try {
      this.#operator.restart(disk, rebuild);
    } finally {
      this.#isRestarting = false;
    }
  }

  /** Entries in the log. */
  get height(): number {
    return this.#operator.disk.height;
  }

  /** The account of a caller, hex. */
  account(caller: Caller): Account {
    return accountOf(caller);
  }

  /**
   * Deploys a contract and runs its `@init` method.
   *
   * @returns A handle whose calls are made by the deployer, until `as` names somebody else.
   * @throws As `AccountClient.deploy` of the real client does, with a trace that leads to the contract's lines.
   */
  deploy<const A extends Abi>(
    artefact: TestArtefact<A>,
    options: WorldDeployOptions<A> = {},
  ): Promise<TestContract<A>> {
    const { caller = OWNER, ...deployOptions } = options;
    this.http.rememberSecrets(options.secrets ?? {});
    const built = builtArtefact(artefact);
    foundArtefact(built);
    return this.#clientCalls.deploy(built, caller, deployOptions, callSite(this.deploy));
  }

  /**
   * A contract that is there already, such as one of a fork.
   *
   * @param artefact - Its code: calls are refused if another runs at the address.
   * @param options - `caller` is "owner" if left out; a `Wallet` from a key file calls as its account.
   */
  contract<const A extends Abi>(
    artefact: TestArtefact<A>,
    address: Account,
    options: { readonly caller?: Caller } = {},
  ): TestContract<A> {
    const built = builtArtefact(artefact);
    foundArtefact(built);
    const known = address.toLowerCase().replace(/^0x/, "");
    this.#observed.learn(known, built);
    return new TestContract(built, known, undefined, options.caller ?? OWNER, this.#clientCalls);
  }

  /** The real client, connected to this world as a caller. */
  client(caller: Caller): Promise<AccountClient> {
    return this.#clientCalls.client(caller);
  }

  /** The kit's own failure behind an error of a {@link client}, if there is one. */
  failureOf(error: unknown): Error | undefined {
    return this.#api.failureOf(error);
  }

  /** Remembers state and time. Takes nothing but pointers, so it is cheap. */
  snapshot(): WorldSnapshot {
    return new WorldSnapshot(this.#operator.disk, this.#clock.ms);
  }

  /**
   * Goes back: a new enclave recovers from what the operator had stored then.
   *
   * Handles stay usable. Mocks stay as they are. Clients are new, because those that have seen a later
   * state would refuse this one as a rollback, as they must.
   */
  restore(snapshot: WorldSnapshot): void {
    this.#clock.ms = snapshot.timeMs;
    this.#restart(snapshot.disk());
    this.#clientCalls.forget();
  }

  /**
   * Ends the enclave as a crash would, and recovers. Clients stay, and verify the new boot.
   *
   * @param options - `rebuild` replays the whole log instead of taking snapshot and deltas.
   */
  restart(options: { readonly rebuild?: boolean } = {}): void {
    this.#restart(this.#operator.disk, options.rebuild);
  }

  /**
   * Lets heights pass in which nobody calls: what contracts have planned for them runs.
   *
   * @param heights - A whole number from 1.
   */
  pass(heights: number = 1): void {
    for (let i = 0; i < heights; i++) this.#operator.tick();
  }

  /** Lets the enclave seal a snapshot, as a worker does now and then. */
  checkpoint(): void {
    this.#operator.checkpoint();
  }

  /** Every byte that the operator has seen so far. */
  operatorView(): OperatorView {
    return new OperatorView(this.#operator.recording, this.#operator.disk);
  }

  /** The state of all contracts, by address and key in hexadecimal. */
  states(): ContractStates {
    return openStates(this.#operator.disk);
  }

  /** The interface of a contract that was deployed here. */
  abiOf(address: Account): Abi | undefined {
    return this.#observed.abiOf(address);
  }

  /**
   * Checks that contracts and mocks agree. The vitest plugin does it after each test.
   *
   * @throws {@link HermeticError} `HTTP_UNMOCKED` or `HTTP_UNUSED`.
   */
  verify(): void {
    this.http.verify();
  }
}
