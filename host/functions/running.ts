/**
 * One call while it runs: what its host functions share, and the gate each of them passes.
 *
 * The gate decides, in this order, whether a host call may come at all, whether the mode allows it,
 * and whether it is paid for. Only then is contract memory read.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { LOG_BYTES_MAX } from "#protocol/limits.ts";
import type { Panic, ReplyEvent, ReplyLog } from "#protocol/reply.ts";
import { CallBudget } from "#host/functions/budget.ts";
import type { CallEnvironment } from "#host/functions/environment.ts";
import { prices } from "#host/functions/prices.ts";
import type { GasCounter } from "#host/vm/gas.ts";
import type { Instance } from "#host/vm/instance.ts";
import type { GuestMemory } from "#host/vm/memory.ts";
import type { WorldImportKey } from "#host/vm/world.ts";

/** Thrown by `control.fail` through the contract's frames; caught only where the call began. */
export class CallFailed extends Error {
  readonly failure: string;
  readonly fields: Uint8Array;

  constructor(failure: string, fields: Uint8Array) {
    super("CALL_FAILED");
    this.failure = failure;
    this.fields = fields;
  }
}

/** Host functions that leave something behind: a query has none of them. */
const WRITING: ReadonlySet<WorldImportKey> = new Set([
  "state.set",
  "state.remove",
  "events.emit",
  "scheduler.plan",
  "scheduler.cancel",
  "contracts.instantiate",
]);

/** Whether `mode` may use the host function. */
export function modeAllows(mode: CallEnvironment["mode"], key: WorldImportKey): boolean {
  // What is being made or remade has no code yet that could give way to another.
  if (key === "contracts.upgrade") return mode === "command";
  return mode !== "query" || !WRITING.has(key);
}

/** What the imports of an instance are bound to: the call that it runs. */
export class RunningCall {
  #environment: CallEnvironment | undefined;
  events: ReplyEvent[] = [];
  logs: ReplyLog[] = [];
  /** Bytes of log text that may still be kept. */
  logBudget: number = LOG_BYTES_MAX;
  /** What it shares with the calls above and below it. */
  budget: CallBudget;
  panic: Panic | undefined;
  /** Gas of its own calls for which no code ran: faults took it. */
  gasForfeited = 0;
  #instance: Instance | undefined;

  constructor(environment: CallEnvironment) {
    this.#environment = environment;
    this.budget = environment.link?.budget ?? new CallBudget();
  }

  /** Begins another call, in the instance of one that {@link rest}s. */
  renew(environment: CallEnvironment): void {
    this.#environment = environment;
    this.budget = environment.link?.budget ?? new CallBudget();
    this.logBudget = LOG_BYTES_MAX;
  }

  /** Binds the instance, once: imports are made before it exists, and serve as long as it does. */
  attach(instance: Instance): void {
    this.#instance = instance;
  }

  get environment(): CallEnvironment {
    if (this.#environment === undefined) throw new Fault("REENTRY_REFUSED");
    return this.#environment;
  }

  /** The instance, if there is one: as new, if it has served another call. */
  get attached(): Instance | undefined {
    return this.#instance;
  }

  get instance(): Instance {
    if (this.#instance !== undefined) return this.#instance;
    if (this.#environment === undefined) throw new Fault("REENTRY_REFUSED");
    throw new Error("host call before the instance was attached");
  }

  /**
   * Lets go of all that the call could reach, once it is over.
   *
   * The engine keeps an instance, and with it the imports that hold this object, until its next full
   * collection: what would be kept with them is most of what short collections had to copy.
   */
  release(): void {
    this.rest();
    this.#instance = undefined;
  }

  /** As {@link release}, but keeps the instance, for another call. */
  rest(): void {
    this.#environment = undefined;
    this.events = [];
    this.logs = [];
    this.panic = undefined;
    this.gasForfeited = 0;
  }

  get memory(): GuestMemory {
    return this.instance.memory;
  }

  /** Bytes that this call and those further up hold. */
  get heldBytes(): number {
    return this.memory.heldBytes + (this.environment.link?.heldBytes ?? 0);
  }

  /** {@link heldBytes}, and what the whole chain has written: what is held while the chain waits. */
  get suspendedBytes(): number {
    return this.heldBytes + (this.environment.link?.writtenBytes ?? 0);
  }

  get gas(): GasCounter {
    return this.instance.gas;
  }

  /**
   * Lets a host call in, and charges its fixed price and `bytes` times its price per byte.
   *
   * @param bytes - A non-negative integer below 2^35, as the contract claims it.
   * @throws {@link Fault} `REENTRY_REFUSED` while the contract allocates for the host, waits or is dead.
   * @throws {@link Fault} `MODE_REFUSED` if a query tries to write.
   * @throws {@link Fault} `OUT_OF_GAS` if it cannot be paid.
   */
  enter(key: WorldImportKey, bytes: number): void {
    const { phase } = this.instance;
    if (phase !== "running" && phase !== "starting") throw new Fault("REENTRY_REFUSED");
    if (!modeAllows(this.environment.mode, key)) throw new Fault("MODE_REFUSED");
    const price = prices[key];
    this.gas.charge(price.fixed + price.perByte * bytes);
  }

  /** Charges for bytes that a host function is about to hand to the contract. */
  chargeBytes(key: WorldImportKey, bytes: number): void {
    this.gas.charge(prices[key].perByte * bytes);
  }
}

/** Makes the import of one host function for one instance: it asks for all that differs from call to call. */
export type Bind = (call: RunningCall) => (...args: never[]) => unknown;
