/**
 * Code that runs for the log: commands and planned calls, at their height.
 *
 * While the enclave serves, most of it ends within one slice and runs at once. What does not is given up and
 * begun again where it can be suspended, and queries go on in between. It has the same gas and comes to the
 * same end either way: another worker, or this one after a restart, runs it in one piece.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { COMMAND_GAS_MAX, FIRST_SLICE_GAS, SLICE_GAS } from "#protocol/limits.ts";
import { SliceOver, type CallRequest } from "#host/functions/call.ts";
import type { Chain, FirstCall } from "#host/functions/chain.ts";
import type { CallOutcome } from "#host/functions/outcome.ts";
import { runChain, runChainAsync } from "#host/functions/run-chain.ts";
import type { AdmittedModule } from "#host/vm/admit.ts";
import { chainOf, type CallSite } from "#exec/call.ts";
import type { Contracts } from "#exec/contracts.ts";
import { MachineFailure } from "#exec/machine-failure.ts";
import type { Turns } from "#exec/turns.ts";
import { waitFor, type Work } from "#exec/work.ts";

export interface LoggedCall {
  /** Code of the first contract, and its SHA-256. */
  readonly module: AdmittedModule;
  readonly codeHash: Uint8Array;
  readonly request: CallRequest;
  readonly first: FirstCall;
  /** Where it runs, as if nothing of it had run yet. */
  readonly site: () => Omit<CallSite, "takeStack" | "pace" | "isResumable">;
}

/** What became of a call, and the chain that holds what it wrote. */
export interface Ended {
  readonly call: CallOutcome;
  readonly chain: Chain;
}

/** The log's part of the thread. */
export class LogPace {
  readonly #turns: Turns;
  /** Gas of what has run since others last could. */
  #gas = 0;

  constructor(turns: Turns) {
    this.#turns = turns;
  }

  /** Counts what ran at once. */
  spend(gas: number): void {
    this.#gas += gas;
  }

  /** Lets others run first, unless what has run since they last could is less than a first slice. */
  *before(): Work<void> {
    if (this.#gas >= FIRST_SLICE_GAS) yield this.next();
  }

  /** Resolves when the next slice may run. */
  next(): Promise<void> {
    this.#gas = 0;
    return this.#turns.nextOfLog();
  }
}

/**
 * Runs a call, and those that it makes; keeps nothing of what they write.
 *
 * @param pace - Without it, the call runs to its end at once.
 * @throws {@link MachineFailure} if the machine did not let it end as it would elsewhere.
 */
export function* runLogged(contracts: Contracts, logged: LoggedCall, pace?: LogPace): Work<Ended> {
  if (pace !== undefined) yield* pace.before();
  const ended = atOnce(contracts, logged, pace) ?? (yield* inSlices(contracts, logged, pace));
  ended.chain.ended();
  const { end } = ended.call;
  if (end.kind === "fault" && end.fault.side === "enclave")
    throw new MachineFailure(end.fault.code);
  return ended;
}

/** Runs it in one slice; nothing if that is not enough. */
function atOnce(
  contracts: Contracts,
  { module, request, first, site }: LoggedCall,
  pace: LogPace | undefined,
): Ended | undefined {
  const slice = pace === undefined ? {} : { pace: { sliceGas: FIRST_SLICE_GAS } };
  const chain = chainOf(contracts, { ...site(), ...slice });
  try {
    const call = runChain(chain, { module, request, first });
    pace?.spend(call.gasUsed);
    return { call, chain };
  } catch (error) {
    if (error instanceof SliceOver) return undefined;
    throw error;
  }
}

function* inSlices(
  contracts: Contracts,
  { codeHash, request, first, site: siteOf }: LoggedCall,
  pace: LogPace | undefined,
): Work<Ended> {
  if (pace === undefined) throw new Error("only a slice can be over");
  yield pace.next();
  const site = siteOf();
  const chain = chainOf(contracts, {
    ...site,
    pace: {
      sliceGas: SLICE_GAS,
      // No call has more gas than this, so that it ends alike in the whole and in slices.
      allocationGas: COMMAND_GAS_MAX,
      next: () => pace.next(),
    },
    isResumable: true,
  });
  const begin = (): Promise<CallOutcome> => {
    const module = contracts.resumable(site.system, codeHash);
    return runChainAsync(chain, { module, request, first });
  };
  return { call: yield* waitFor(asElsewhere(begin)), chain };
}

/** Lets nothing count that the same code in one piece would not have come to. */
async function asElsewhere(begin: () => Promise<CallOutcome>): Promise<CallOutcome> {
  try {
    return await begin();
  } catch (error) {
    throw error instanceof Fault ? new MachineFailure(error.code) : error;
  }
}
