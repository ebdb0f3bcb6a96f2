/**
 * Runs a chain to its end: the first call, and then whatever code contracts have asked for on the way takes
 * over, each with a call of its own.
 *
 * All of it is one: if new code fails to take over, everything has failed.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { runCall, runCallAsync, type CallRequest } from "#host/functions/call.ts";
import type { Chain, FirstCall } from "#host/functions/chain.ts";
import type { CallEnvironment } from "#host/functions/environment.ts";
import type { CallOutcome } from "#host/functions/outcome.ts";
import type { AdmittedModule } from "#host/vm/admit.ts";
import { clampGas } from "#host/vm/gas.ts";

export interface ChainCall {
  /** Code of the first contract. */
  readonly module: AdmittedModule;
  readonly request: CallRequest;
  readonly first: FirstCall;
}

/** A call that is to be run next. */
interface Step {
  readonly module: AdmittedModule;
  readonly request: CallRequest;
  readonly environment: CallEnvironment;
}

/** Runs a chain that never suspends. @throws {@link SliceOver} as {@link runCall}. */
export function runChain(chain: Chain, call: ChainCall): CallOutcome {
  const steps = stepsOf(chain, call);
  let next = steps.next();
  while (next.done !== true) {
    const { module, request, environment } = next.value;
    next = steps.next(runCall(module, request, environment));
  }
  return next.value;
}

/** As {@link runChain}, in code that may wait. */
export async function runChainAsync(chain: Chain, call: ChainCall): Promise<CallOutcome> {
  const steps = stepsOf(chain, call);
  let next = steps.next();
  while (next.done !== true) {
    const { module, request, environment } = next.value;
    next = steps.next(await runCallAsync(module, request, environment));
  }
  return next.value;
}

function* stepsOf(
  chain: Chain,
  { module, request, first }: ChainCall,
): Generator<Step, CallOutcome, CallOutcome> {
  const environment = chain.first(first);
  let outcome = yield { module, request, environment };
  while (outcome.end.kind === "returned") {
    let next: ReturnType<Chain["nextMigration"]>;
    try {
      next = chain.nextMigration();
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return { ...outcome, end: { kind: "fault", fault: error }, events: [] };
    }
    if (next === undefined) return outcome;
    if (next === "nothing") continue;
    const gasLimit = clampGas(request.gasLimit) - outcome.gasUsed;
    const call = { ...next.request, gasLimit, ...sliceOf(environment, outcome) };
    const ran = yield { module: next.module, request: call, environment: next.environment };
    outcome = joined(outcome, ran, next.address);
  }
  return outcome;
}

/** What is left of the one slice of a chain that is given up at its end. */
function sliceOf(
  { pace }: CallEnvironment,
  { gasUsed }: CallOutcome,
): Pick<CallRequest, "sliceGas"> {
  if (pace === undefined || pace.next !== undefined) return {};
  return { sliceGas: Math.max(0, pace.sliceGas - gasUsed) };
}

/**
 * What both come to for whoever has made the first call, and knows that contract by its old code: it is told
 * no private events of the new one, nor its errors' fields.
 */
function joined(before: CallOutcome, ran: CallOutcome, contract: Uint8Array): CallOutcome {
  const gas = { gasUsed: before.gasUsed + ran.gasUsed, gasRun: before.gasRun + ran.gasRun };
  const { end } = ran;
  if (end.kind === "fault") return { ...before, end, ...gas, events: [] };
  if (end.kind === "failed") {
    const panic = { text: `contracts.upgrade failed: ${end.name}`, file: "", line: 0, column: 0 };
    const fault = new Fault("PANIC");
    return { ...before, end: { kind: "fault", fault, panic }, ...gas, events: [] };
  }
  const told = ran.events.filter((event) => event.public);
  const events = told.map((event) => ({ contract, ...event }));
  return { ...before, ...gas, events: [...before.events, ...events] };
}
