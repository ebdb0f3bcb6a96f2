/**
 * One call of a contract: builds what the host may see of it and turns what it returns into an outcome.
 *
 * @module
 */
import type { Fault } from "#protocol/fault.ts";
import type { Outcome } from "#protocol/reply.ts";
import type { CallOutcome } from "#host/functions/outcome.ts";
import type { CallEnvironment, CallMode } from "#host/functions/environment.ts";
import type { HttpPower } from "#host/http/power.ts";
import { Overlay } from "#host/state/overlay.ts";
import type { StateReader } from "#host/state/reader.ts";
import type { Contracts } from "#exec/contracts.ts";
import type { Random } from "#exec/randomness.ts";

export type FaultOutcome = Extract<Outcome, { readonly kind: "fault" }>;

/** Where, when and for whom a call runs. */
export interface CallSite {
  readonly mode: CallMode;
  readonly caller: Uint8Array;
  readonly address: Uint8Array;
  readonly timeMs: number;
  readonly height: number;
  readonly random: Random;
  readonly http: HttpPower;
  /** The contract's own committed state, and the system namespace. */
  readonly state: StateReader;
  readonly system: StateReader;
}

/** @returns The environment; its overlay holds the call's writes until somebody commits them. */
export function environmentOf(contracts: Contracts, site: CallSite): CallEnvironment {
  return {
    mode: site.mode,
    caller: site.caller,
    self: site.address,
    nowSeconds: BigInt(Math.floor(site.timeMs / 1000)),
    height: BigInt(site.height),
    random: site.random,
    state: new Overlay(site.state),
    secret: (name) => contracts.secret(site.system, site.address, name),
    http: site.http,
  };
}

/** A fault as the caller is told of it. */
export function faultOutcome(fault: Fault, trace: readonly number[] = []): FaultOutcome {
  return { kind: "fault", code: fault.code, facts: fault.facts, trace };
}

/** How a call ended, as the caller is told of it. */
export function outcomeOf(call: CallOutcome): Outcome {
  const { end } = call;
  if (end.kind !== "fault") return end;
  const outcome = faultOutcome(end.fault, end.trace);
  return end.panic === undefined ? outcome : { ...outcome, panic: end.panic };
}
