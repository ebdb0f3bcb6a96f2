/**
 * One call of a contract: builds what the host may see of it and turns what it returns into an outcome.
 *
 * @module
 */
import type { Fault } from "#protocol/fault.ts";
import { toHex } from "#protocol/bytes.ts";
import type { Outcome } from "#protocol/reply.ts";
import type { CallOutcome } from "#host/functions/outcome.ts";
import { Chain } from "#host/functions/chain.ts";
import type { ChainSite } from "#host/functions/chain-site.ts";
import type { Scheduler } from "#host/functions/environment.ts";
import type { Cancellation } from "#host/http/cancellation.ts";
import type { HttpCall, HttpCaller, HttpPower } from "#host/http/power.ts";
import { secretReference, type SecretKeeper } from "#host/http/secret-reference.ts";
import type { Overlay } from "#host/state/overlay.ts";
import type { StateReader } from "#host/state/reader.ts";
import type { AdmittedModule } from "#host/vm/admit.ts";
import type { Write } from "#seal/writes.ts";
import type { Compiled, Contracts } from "#exec/contracts.ts";
import type { Random } from "#exec/randomness.ts";
import { lifeOf, SYSTEM, type LifeSite } from "#exec/life.ts";
import { namespaced } from "#exec/replica.ts";
import { addPlan, removePlans } from "#exec/timetable.ts";

export type FaultOutcome = Extract<Outcome, { readonly kind: "fault" }>;

/** Where and when a chain of calls runs; what differs from contract to contract is asked for by address. */
export interface CallSite extends LifeSite, Pick<ChainSite, "takeStack" | "pace"> {
  readonly timeMs: number;
  readonly random: (address: Uint8Array) => Random;
  /** What the contract's keys are derived from. */
  readonly contractSecret: (address: Uint8Array) => Uint8Array;
  readonly http: (caller: HttpCaller) => HttpPower;
  /** Ends what the chain waits for, if it may be ended. */
  readonly cancellation?: Cancellation | undefined;
  /** A contract's committed state. */
  readonly state: (address: Uint8Array) => StateReader;
  /** Is told what has to be compiled. */
  readonly compiled?: Compiled;
  /** Whether the chain can be suspended. */
  readonly isResumable?: boolean;
}

/** @returns The chain; it holds what its calls write until somebody commits that. */
export function chainOf(contracts: Contracts, site: CallSite): Chain {
  const { system, takeStack, pace, isResumable = false, compiled } = site;
  const moduleOf = (codeHash: Uint8Array): AdmittedModule =>
    isResumable
      ? contracts.resumable(system, codeHash, compiled)
      : contracts.module(system, codeHash, compiled);
  const { cancellation } = site;
  const call: HttpCall = cancellation === undefined ? {} : { cancellation };
  return new Chain({
    nowSeconds: BigInt(Math.floor(site.timeMs / 1000)),
    height: BigInt(site.height),
    primitives: contracts.primitives,
    find: (address, layer) => {
      const record = contracts.record(layer.view(SYSTEM, system), address);
      const module = moduleOf(record.codeHash);
      const contractSecret = (): Uint8Array => site.contractSecret(address);
      const secret = (name: string): string | undefined => contracts.secret(system, address, name);
      const secrets: SecretKeeper = {
        value: secret,
        reference: (name) => secretReference(contracts.primitives, contractSecret(), name),
      };
      const caller = { contract: toHex(address), grants: module.httpGrants, secrets, call };
      const http = site.http(caller);
      const state = site.state(address);
      return { module, state, random: site.random(address), contractSecret, secret, http };
    },
    life: lifeOf(contracts.primitives, site, moduleOf),
    scheduler: (layer, self) => schedulerOf(layer.overlay(SYSTEM, system), self),
    ...(contracts.watch && { watch: contracts.watch() }),
    ...(takeStack === undefined ? {} : { takeStack }),
    ...(pace === undefined ? {} : { pace }),
  });
}

/** The part of the timetable that is the contract's own. */
function schedulerOf(system: Overlay, self: Uint8Array): Scheduler {
  return {
    plan: (plan) => addPlan(system, self, plan),
    cancel: (id) => removePlans(system, self, (plan) => plan.id === id) > 0,
  };
}

/** What a chain has written, in the form of a delta. */
export function writesOf(chain: Chain): Write[] {
  return chain.layer
    .writes()
    .flatMap(([address, writes]) => namespaced(Uint8Array.fromHex(address), writes));
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
