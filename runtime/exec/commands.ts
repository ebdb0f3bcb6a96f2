/**
 * Commands at their height: from a request in the log to what it changed and what its sender is told.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { TIME_STEP_MS_MAX } from "#protocol/limits.ts";
import { parseRequest } from "#protocol/request.ts";
import { replayHttp } from "#host/http/replay.ts";
import { parseTranscript, type Recorded } from "#host/http/transcript.ts";
import { Overlay } from "#host/state/overlay.ts";
import { checkWriteSet, type Write } from "#seal/writes.ts";
import type { Session } from "#session/sessions.ts";
import { faultOutcome, outcomeOf, writesOf } from "#exec/call.ts";
import type { CommandEntry } from "#exec/entry.ts";
import { effectsOf, NOTHING, silent, type Executed } from "#exec/executed.ts";
import { runLogged, type LogPace } from "#exec/logged.ts";
import type { Parts } from "#exec/parts.ts";
import { Preparer, type Prepared, type Step } from "#exec/prepare.ts";
import { commandRandoms } from "#exec/randomness.ts";
import { NO_HASH, type Answer } from "#exec/replier.ts";
import { emptied, namespaced, SYSTEM_NAMESPACE } from "#exec/replica.ts";
import type { Work } from "#exec/work.ts";

interface Called extends Omit<Answer, "requestId" | "session"> {
  /** Writes of the contract and of those it called; empty unless it returned. */
  readonly writes: readonly Write[];
  /** Whether the command is to be tried anew. */
  readonly isStale?: boolean;
}

/** What the code of a command did. */
type Ran = Omit<Called, "codeHash" | "contract">;

/** Where and when a command is executed. */
export interface CommandSite {
  /** The system namespace, for what stays also if the command fails. */
  readonly system: Overlay;
  readonly timeMs: number;
  /** Without it, code runs to its end at once. */
  readonly pace: LogPace | undefined;
}

export class Commands {
  readonly #parts: Parts;
  readonly #preparer: Preparer;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#preparer = new Preparer(parts.primitives, parts.cluster, parts.contracts);
  }

  /** Executes a command at the height after the replica's; changes nothing but `site.system`. */
  *execute(entry: CommandEntry, site: CommandSite): Work<Executed> {
    const { replica, sessions } = this.#parts;
    const { requestId, sequence } = entry;
    const { system, timeMs } = site;
    let session: Session;
    try {
      session = sessions.find(system, entry.session);
      sessions.use(system, entry.session, sequence, timeMs);
    } catch (error) {
      // A request that is in the log twice: the first one was answered.
      if (error instanceof Fault) return silent(new Overlay(replica.system), timeMs);
      throw error;
    }
    const called = yield* this.#attempt(entry, session, site);
    if (called.isStale === true) {
      // Its sequence number is not used up, so that it may come again.
      sessions.takeBack(replica.system, entry.session);
      return { ...silent(new Overlay(replica.system), timeMs), again: requestId };
    }
    const { outcome, gasUsed, events, logs, writes, codeHash, contract } = called;
    const effects = effectsOf(system, writes, outcome, gasUsed);
    const answer = { requestId, session, contract, codeHash, outcome, gasUsed, events, logs };
    return { effects, timeMs, answer };
  }

  *#attempt(entry: CommandEntry, session: Session, site: CommandSite): Work<Called> {
    try {
      if (entry.timeMs > site.timeMs) {
        throw new Fault("TIME_REFUSED", { limit: TIME_STEP_MS_MAX });
      }
      return yield* this.#perform(entry, session, site);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const outcome = faultOutcome(error);
      return { ...NOTHING_RAN, outcome, codeHash: NO_HASH, contract: entry.contract };
    }
  }

  /** Prepares the request, runs what it runs, and keeps what it changed only if it succeeded. */
  *#perform(entry: CommandEntry, { account }: Session, site: CommandSite): Work<Called> {
    const { system, pace } = site;
    const changed = new Overlay(system);
    const prepared = this.#prepare(entry, account, changed);
    const { contract, codeHash, step, gas, value, empties = false } = prepared;
    // What ends a contract frees room, also where there is none.
    if (!empties) this.#parts.replica.checkRoom(namespaced(SYSTEM_NAMESPACE, changed.writes()));
    pace?.spend(gas);
    const run = (what: Step): Work<Ran> =>
      this.#run(entry, account, { ...prepared, step: what }, { ...site, system: changed });
    const ran = step === undefined ? NOTHING_RAN : yield* run(step);
    const called = { ...ran, gasUsed: ran.gasUsed + gas, codeHash, contract };
    if (ran.outcome.kind !== "returned") return called;
    for (const [key, own] of changed.writes()) {
      if (own === undefined) system.remove(key);
      else system.set(key, own);
    }
    const outcome = value === undefined ? ran.outcome : ({ kind: "returned", value } as const);
    return { ...called, outcome, writes: empties ? [emptied(contract)] : ran.writes };
  }

  #prepare(entry: CommandEntry, account: Uint8Array, system: Overlay): Prepared {
    const sender = { account, contract: entry.contract, height: this.#parts.replica.height + 1 };
    return this.#preparer.prepare(system, sender, parseRequest(entry.body));
  }

  *#run(
    entry: CommandEntry,
    account: Uint8Array,
    { contract, codeHash, step }: Prepared & { readonly step: Step },
    { system, timeMs, pace }: CommandSite,
  ): Work<Ran> {
    const { primitives, cluster, replica, contracts } = this.#parts;
    const { mode, module, call: request } = step;
    const { transcript, retries } =
      entry.transcript.length === 0 ? NO_TRANSCRIPT : parseTranscript(entry.transcript);
    let replay = replayHttp(transcript, primitives.sha256);
    const site = () => {
      // What was given up has asked already.
      replay = replayHttp(transcript, primitives.sha256);
      return {
        system,
        timeMs,
        height: replica.height + 1,
        random: commandRandoms(primitives, cluster, entry.requestId),
        contractSecret: cluster.contractSecret,
        cluster: cluster.name.cluster,
        http: () => replay.power,
        state: (namespace: Uint8Array) => replica.store(namespace),
      };
    };
    const first = { mode, caller: account, address: contract };
    const logged = { module, codeHash, request, first, site };
    const { call, chain } = yield* runLogged(contracts, logged, pace);
    const { end, gasUsed, logs } = call;
    const ran = { ...NOTHING_RAN, outcome: outcomeOf(call), gasUsed, logs };
    const isStale = (): boolean => retries > 0 && replay.isMismatched;
    if (end.kind !== "returned") return { ...ran, isStale: isStale() };
    const writes = writesOf(chain);
    try {
      replay.assertConsumed();
      checkWriteSet(writes);
      replica.checkRoom(writes);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return { ...ran, outcome: faultOutcome(error), isStale: isStale() };
    }
    return { ...ran, events: call.events, writes };
  }
}

/** Of a command that has asked nobody. */
const NO_TRANSCRIPT: Recorded = { transcript: [], retries: 0 };

/** What comes of a request that runs no code of a contract. */
const NOTHING_RAN = {
  outcome: { kind: "returned", value: NOTHING },
  gasUsed: 0,
  events: [],
  logs: [],
  writes: [],
} as const;
