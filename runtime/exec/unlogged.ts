/**
 * Calls outside the log: queries, estimates, and commands tried ahead of their height.
 *
 * Most end within one slice and run at once. One that does not, or asks for HTTP, is given up and begun
 * again where it can be suspended: slices of it take turns with whatever else there is to do. How many such
 * calls there may be and how much they may hold meanwhile is bounded, for all together and for each contract.
 * A method that had to wait last time begins where it can be suspended, if there is room.
 *
 * @module
 */
import { toHex } from "#protocol/bytes.ts";
import { Fault } from "#protocol/fault.ts";
import {
  CODE_GAS_PER_BYTE,
  FIRST_SLICE_GAS,
  SLICE_GAS,
  SUSPENDED_BYTES_MAX,
  SUSPENDED_CALLS_MAX,
} from "#protocol/limits.ts";
import { SliceOver, type CallRequest } from "#host/functions/call.ts";
import type { Chain, FirstCall } from "#host/functions/chain.ts";
import type { CallOutcome } from "#host/functions/outcome.ts";
import { runChain, runChainAsync } from "#host/functions/run-chain.ts";
import type { Cancellation } from "#host/http/cancellation.ts";
import type { HttpCaller, LiveHttp, ReplayHttp } from "#host/http/power.ts";
import { chainOf, type CallSite } from "#exec/call.ts";
import type { Contracts } from "#exec/contracts.ts";
import type { Turns } from "#exec/turns.ts";
import { Usage, type Taken } from "#exec/usage.ts";

/** Where a call runs, without what it needs to be suspended. */
export type UnloggedSite = Omit<
  CallSite,
  "takeStack" | "pace" | "isResumable" | "http" | "compiled" | "cancellation"
>;

export interface UnloggedCall {
  /** SHA-256 of the code of the first contract. */
  readonly codeHash: Uint8Array;
  readonly request: CallRequest;
  readonly first: FirstCall;
  readonly site: UnloggedSite;
  /** The same site as it is now, which does not change while the call is suspended. */
  readonly still: () => UnloggedSite;
  /** The power of each contract, if its calls may wait. */
  readonly http: (caller: HttpCaller) => LiveHttp;
  /** Of a call that may be ended while it waits. */
  readonly cancellation?: Cancellation | undefined;
  /** Bytes that are held beside the calls' own memory until the end. */
  readonly heldBytes?: () => number;
  /** Is given the chain once its first call has ended. */
  readonly ended?: (chain: Chain) => void;
}

/** Methods that are remembered to have waited: more than are called by turns. */
const WAITERS_MAX = 1_024;

/** Thrown where a call that runs at once would have to wait. */
class MustWait extends SliceOver {}

const tripwire: ReplayHttp = {
  kind: "replay",
  next: () => {
    throw new MustWait();
  },
};

export class Unlogged {
  readonly #contracts: Contracts;
  readonly #turns: Turns;
  readonly usage: Usage = new Usage();
  /** Methods whose last call did not end at once, by code and name; the one noted longest ago comes first. */
  readonly #waiters = new Set<string>();
  #stacks = 0;
  #bytes = 0;

  constructor(contracts: Contracts, turns: Turns) {
    this.#contracts = contracts;
    this.#turns = turns;
  }

  /**
   * Runs a call, and those that it makes.
   *
   * @throws {@link Fault} `BUSY` if there are too many such calls, or they hold or use too much.
   */
  async run(call: UnloggedCall): Promise<CallOutcome> {
    const { first, site } = call;
    const taken = this.usage.begin(first.address, first.caller, site.timeMs);
    let gasRun = 0;
    try {
      const outcome = await this.#run(call, taken);
      // Also what ends because it holds too much has used the thread; what a fault takes of the caller has not.
      ({ gasRun } = outcome);
      const { end } = outcome;
      if (end.kind === "fault" && end.fault.code === "BUSY") throw end.fault;
      return outcome;
    } finally {
      taken.end(gasRun);
    }
  }

  async #run(call: UnloggedCall, taken: Taken): Promise<CallOutcome> {
    const name = `${toHex(call.codeHash)} ${call.request.method}`;
    if (!this.#waiters.has(name) || !taken.hasRoom) {
      return this.#atOnce(call, taken) ?? this.#inSlices(call, taken, name);
    }
    try {
      return await this.#inSlices(call, taken, name);
    } catch (error) {
      // What would have ended at once is never refused.
      const outcome = isBusy(error) ? this.#atOnce(call, taken) : undefined;
      if (outcome === undefined) throw error;
      return outcome;
    }
  }

  /** Runs it in one slice; nothing if that is not enough, or it has to wait. */
  #atOnce(call: UnloggedCall, taken: Taken): CallOutcome | undefined {
    const { codeHash, request, first, site } = call;
    const compiled = compiledBy(taken);
    const module = this.#contracts.module(site.system, codeHash, compiled);
    const pace = { sliceGas: FIRST_SLICE_GAS };
    const chain = chainOf(this.#contracts, { ...site, pace, http: () => tripwire, compiled });
    try {
      const outcome = runChain(chain, { module, request, first });
      call.ended?.(chain);
      return outcome;
    } catch (error) {
      if (!(error instanceof SliceOver)) throw error;
      taken.spend(error.gasUsed);
      return undefined;
    }
  }

  async #inSlices(call: UnloggedCall, taken: Taken, waiter: string): Promise<CallOutcome> {
    const { codeHash, request, first, cancellation } = call;
    let hasWaited = false;
    const leave = taken.suspend();
    let giveBack: (() => void) | undefined;
    try {
      giveBack = this.#takeStack();
      const beside = call.heldBytes ?? ((): number => 0);
      const site = call.still();
      const compiled = compiledBy(taken);
      const name = toHex(first.address);
      const next = (heldBytes: number): Promise<void> => {
        hasWaited = true;
        taken.goOn(SLICE_GAS);
        return this.#hold(taken, heldBytes + beside(), async () => {
          await this.#turns.next(name);
          cancellation?.assertWanted();
        });
      };
      const chain = chainOf(this.#contracts, {
        ...site,
        http: (caller) =>
          this.#held(taken, call.http(caller), () => {
            hasWaited = true;
            return beside();
          }),
        takeStack: () => this.#takeStack(),
        pace: { sliceGas: SLICE_GAS, next },
        isResumable: true,
        compiled,
        cancellation,
      });
      const module = this.#contracts.resumable(site.system, codeHash, compiled);
      const outcome = await runChainAsync(chain, { module, request, first });
      call.ended?.(chain);
      return outcome;
    } finally {
      this.#note(waiter, hasWaited);
      giveBack?.();
      leave();
    }
  }

  #note(waiter: string, hasWaited: boolean): void {
    this.#waiters.delete(waiter);
    if (!hasWaited) return;
    this.#waiters.add(waiter);
    const [oldest] = this.#waiters;
    if (this.#waiters.size > WAITERS_MAX && oldest !== undefined) this.#waiters.delete(oldest);
  }

  /** Each call has a stack of its own, those that contracts make included. */
  #takeStack(): () => void {
    if (this.#stacks >= SUSPENDED_CALLS_MAX) throw new Fault("BUSY");
    this.#stacks++;
    return () => void this.#stacks--;
  }

  /** The same power, but who waits on it holds memory. @param waits - Says how much beside the call's own. */
  #held(taken: Taken, http: LiveHttp, waits: () => number): LiveHttp {
    return {
      kind: "live",
      fetch: (requests, heldBytes = 0) => {
        const bytes = heldBytes + waits();
        return this.#hold(taken, bytes, () => http.fetch(requests, bytes));
      },
    };
  }

  async #hold<T>(taken: Taken, bytes: number, wait: () => Promise<T>): Promise<T> {
    if (this.#bytes + bytes > SUSPENDED_BYTES_MAX) throw new Fault("BUSY");
    taken.hold(bytes);
    this.#bytes += bytes;
    try {
      return await wait();
    } finally {
      this.#bytes -= bytes;
      taken.hold(0);
    }
  }
}

/** Counts compiling as the contract's use of the thread, at the price of an upload; nobody's call pays for it. */
function compiledBy(taken: Taken): (bytes: number) => void {
  return (bytes) => taken.spendBeside(bytes * CODE_GAS_PER_BYTE);
}

function isBusy(error: unknown): boolean {
  return error instanceof Fault && error.code === "BUSY";
}
