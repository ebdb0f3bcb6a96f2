/**
 * What a matcher is given: a call that is running, one still to be made, or what came of one.
 *
 * @module
 */
import type { CallReport } from "#sdk/client/call/report.ts";
import { ContractError } from "#sdk/client/errors/contract-error.ts";
import { HermeticError } from "#sdk/client/errors/hermetic-error.ts";
import { explain } from "#sdk/client/explain.ts";
import { kitError } from "#sdk/testing/errors/kit-error.ts";

/** Failures of a call: the contract's own errors, and faults of the enclave. */
export type CallFailure = ContractError | HermeticError;

export type Settled =
  | { readonly kind: "returned"; readonly value: unknown }
  | { readonly kind: "failed"; readonly error: CallFailure };

interface Event {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/**
 * Waits for a call, and makes it first if it is a function.
 *
 * @throws Whatever is not the call's own failure: mistakes in the test must not satisfy a matcher.
 */
export async function settle(received: unknown): Promise<Settled> {
  if (received instanceof ContractError || isFault(received)) {
    return { kind: "failed", error: received };
  }
  try {
    const value: unknown = await (typeof received === "function" ? received() : received);
    return { kind: "returned", value };
  } catch (error) {
    if (error instanceof ContractError || isFault(error)) return { kind: "failed", error };
    throw error;
  }
}

function isFault(error: unknown): error is HermeticError {
  return error instanceof HermeticError && error.kind === "fault";
}

/** An error of the contract has one name; a fault has two, its name and its code. */
export function namesOf(error: CallFailure): string[] {
  if (error instanceof ContractError) return [error.name];
  return [error.code, explain(error.code)?.name ?? error.code];
}

/** The events of a result, those of contracts called along the way included. @throws {@link HermeticError} `MATCHER_MISUSED` if it is none. */
export function eventsOf(value: unknown, matcher: string): readonly Event[] {
  const { events, otherEvents = [] } = (value ?? {}) as Partial<Record<string, unknown[]>>;
  // Only results have them; a world has added the fields of those of other contracts.
  if (Array.isArray(events)) return [...events, ...otherEvents] as readonly Event[];
  const { deployment } = (value ?? {}) as { readonly deployment?: { readonly events?: unknown } };
  if (Array.isArray(deployment?.events)) return deployment.events as readonly Event[];
  throw kitError("MATCHER_MISUSED", `${matcher} needs a command's result`);
}

/** What a call used, failed or not. @throws {@link HermeticError} `MATCHER_MISUSED` for a bare value. */
export function gasOf(settled: Settled, matcher: string): number {
  const source: unknown = settled.kind === "failed" ? settled.error.call : settled.value;
  const { gasUsed } = (source ?? {}) as Partial<CallReport>;
  const { deployment } = (source ?? {}) as { readonly deployment?: Partial<CallReport> };
  const gas = gasUsed ?? deployment?.gasUsed;
  if (gas !== undefined) return gas;
  throw kitError("MATCHER_MISUSED", `${matcher} needs a result: use query.method.detailed()`);
}
