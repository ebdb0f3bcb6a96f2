/**
 * What a model-based test of a contract is made of.
 *
 * @module
 */
import type { Abi, AbiMethod } from "#protocol/abi.ts";
import type { Account, MethodsOf } from "#sdk/client/abi/types.ts";
import type { TestContract } from "#sdk/testing/contract/test-contract.ts";
import type { Arbitraries, Arbitrary, RandomArgs } from "#sdk/testing/property/arbitraries.ts";
import type { World } from "#sdk/testing/world.ts";
import type { WorldOptions } from "#sdk/testing/world-options.ts";

type CommandName<A extends Abi> = MethodsOf<A, "command">["name"];
type CommandNamed<A extends Abi, Name> = Extract<MethodsOf<A, "command">, { readonly name: Name }>;

/** How a call has to end; what is left out may be anything. */
export type Ending =
  | { readonly returns: unknown }
  /** An `@error` class, or a fault by name or code. */
  | { readonly fails: string; readonly args?: Readonly<Record<string, unknown>> };

export interface Moment<A extends Abi, M> {
  readonly model: M;
  readonly world: World;
  readonly contract: TestContract<A>;
}

export interface PlannedCommand<A extends Abi, M, Method extends AbiMethod> extends Moment<A, M> {
  /** Who calls. */
  readonly caller: string;
  readonly account: Account;
  readonly args: RandomArgs<A, Method>;
}

export interface CommandRule<A extends Abi, M, Method extends AbiMethod> {
  /** Arguments to try; all that the ABI allows if left out. */
  readonly args?: (any: Arbitraries<A>) => Arbitrary<RandomArgs<A, Method>>;
  /**
   * Says before each call how it must end, and brings the model to where it will be then. Says nothing
   * if it may end in any way.
   */
  readonly expect?: (call: PlannedCommand<A, M, Method>) => Ending | undefined | void;
}

export interface ModelTest<A extends Abi, M> {
  /** Deploys the contract, and whatever it needs, into a fresh world. */
  readonly setUp: (world: World) => Promise<TestContract<A>>;
  /** The model before the first call. */
  readonly model: (world: World) => M;
  /** Commands that are called. Every one of the ABI, with no rule, if left out. */
  readonly commands?: {
    readonly [Name in CommandName<A>]?: CommandRule<A, M, CommandNamed<A, Name>>;
  };
  /** What must hold before the first call and after each: throws, or returns false, if it does not. */
  readonly invariants?: Readonly<Record<string, (moment: Moment<A, M>) => unknown>>;
  /** Names of those who call; "owner", "ann" and "bob" if left out. */
  readonly callers?: readonly string[];
  /** Seconds that may pass between two calls; none if left out. */
  readonly advance?: Arbitrary<number>;
  /** Calls in one run at most; 20 if left out. */
  readonly maxCalls?: number;
  /** Each run has a fresh world with these options, and the same seed. */
  readonly world?: WorldOptions;
}
