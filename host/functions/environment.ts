/**
 * What the world outside the sandbox gives to one call: identity, time, state, secrets, HTTP.
 *
 * Every source of difference between two runs is in here. Given an equal environment and equal
 * arguments, a call that does not touch live HTTP has an equal outcome on every worker.
 *
 * @module
 */
import type { Fault } from "#protocol/fault.ts";
import type { CallBudget } from "#host/functions/budget.ts";
import type { CallOutcome } from "#host/functions/outcome.ts";
import type { ChainWatch } from "#host/functions/watch.ts";
import type { EnclavePrimitives } from "#crypto/enclave-primitives.ts";
import type { HttpPower } from "#host/http/power.ts";
import type { Upgrade } from "#host/state/layer.ts";
import type { Overlay } from "#host/state/overlay.ts";

export type CallMode = "init" | "migrate" | "command" | "query";

/** What a contract asks of another one. */
export interface SubCall {
  /** Address as the caller gave it: any bytes. */
  readonly target: Uint8Array;
  readonly kind: "command" | "query";
  readonly method: string;
  readonly args: Uint8Array;
}

/** A contract that another one makes. Nothing of it is checked. */
export interface NewContract {
  /** SHA-256 of code that the cluster holds. */
  readonly codeHash: Uint8Array;
  readonly salt: Uint8Array;
  /** The `@init` method and its encoded arguments. */
  readonly method: string;
  readonly args: Uint8Array;
}

export interface AskedUpgrade {
  /** What the contract pays, whether it is refused or not. */
  readonly gas: number;
  readonly refusal?: Fault;
}

/** A call before it runs. */
export interface PreparedCall {
  /** What the caller pays besides what the call uses, whether it is refused or not. */
  readonly gas: number;
  /** Why it cannot be made, or what makes it; what it wrote is then in the caller's layer, or gone. */
  readonly run: Fault | ((allowance: Allowance) => CallOutcome | Promise<CallOutcome>);
}

/** A call's place in a chain of calls. */
export interface Link {
  /** Shared by all calls of the chain. */
  readonly budget: CallBudget;
  /** Bytes of stack that its recursive functions may take. */
  readonly stackBytes: number;
  /** Bytes of memory that the calls further up hold. */
  readonly heldBytes: number;
  /** Bytes that all calls of the chain have written. */
  readonly writtenBytes: number;
  /** @param stackLeft - Bytes of stack that the caller has left. */
  prepare(call: SubCall, stackLeft: number): PreparedCall;
  /** As {@link prepare}, of the first call of a contract that this one makes; it returns the new address. */
  prepareBirth(birth: NewContract, stackLeft: number): PreparedCall;
  /** Asks for other code of the contract itself; it gets it once the first call of the chain has returned. */
  ask(upgrade: Upgrade): AskedUpgrade;
}

/** A call of a contract's own method at a height to come. */
export interface NewPlan {
  readonly height: number;
  /** Heights from one run to the next; 0 for a call that comes once. */
  readonly every: number;
  readonly method: string;
  readonly args: Uint8Array;
  readonly gasLimit: number;
}

/** What a contract can plan. Plans of a call that fails are forgotten with its writes. */
export interface Scheduler {
  /**
   * @returns The plan's number.
   * @throws {@link Fault} `SCHEDULE_LIMIT` if it is more than a contract may plan.
   */
  plan(plan: NewPlan): number;
  /** @returns Whether there was such a plan. */
  cancel(id: number): boolean;
}

/** How a chain of calls shares the thread with others. */
export interface Pace {
  /** Gas after which a call lets others run. */
  readonly sliceGas: number;
  /** Gas that allocations for the host may use together in one slice: while they run, nothing can be suspended. */
  readonly allocationGas?: number;
  /**
   * Resolves when the next slice may run, and rejects to end the call. Absent for modules that cannot be
   * suspended: they are given up with {@link SliceOver} at the end of the first slice.
   *
   * @param heldBytes - Memory that the call holds meanwhile.
   */
  readonly next?: (heldBytes: number) => Promise<void>;
}

/** What a call may use. */
export interface Allowance {
  readonly gasLimit: number;
  /** What is left of the chain's slice. */
  readonly sliceGas: number;
  /** Memory that the caller and those further up hold meanwhile, in bytes. */
  readonly heldBytes: number;
}

export interface CallEnvironment {
  readonly mode: CallMode;
  /** 32-byte accounts. */
  readonly caller: Uint8Array;
  readonly self: Uint8Array;
  readonly nowSeconds: bigint;
  readonly height: bigint;
  /** Metered randomness, a stream for each label: the same bytes on every worker in a command. */
  readonly random: (length: number, label: string) => Uint8Array;
  readonly primitives: EnclavePrimitives;
  /** What all keys of this contract are derived from, 32 bytes: the same on every worker, in every mode. */
  readonly contractSecret: () => Uint8Array;
  readonly state: Overlay;
  readonly secret: (name: string) => string | undefined;
  /**
   * "live" suspends the call; its promise settles within a deadline of its own, always, because an
   * abandoned stack is never freed. "replay" answers at once from a transcript.
   */
  readonly http: HttpPower;
  /** Absent for a contract that is alone: it finds no other. */
  readonly link?: Link;
  /** Absent where nothing can be planned. */
  readonly scheduler?: Scheduler;
  /** Absent where nobody watches. */
  readonly watch?: ChainWatch;
  /** Absent for a call that has the thread to itself until it ends. */
  readonly pace?: Pace;
}
