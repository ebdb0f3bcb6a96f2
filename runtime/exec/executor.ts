/**
 * Executes log entries: the deterministic heart. Same entries, same state, on every worker.
 *
 * It knows no clock, no entropy and no network; what a command needs of them stands in its entry.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { TIME_STEP_MS_MAX } from "#protocol/limits.ts";
import { encodeOutcome, type Outcome } from "#protocol/reply.ts";
import { parseRequest } from "#protocol/request.ts";
import type { Primitives } from "#crypto/primitives.ts";
import { runCall, runCallAsync } from "#host/functions/call.ts";
import type { Chain } from "#host/functions/chain.ts";
import type { Pace } from "#host/functions/environment.ts";
import type { CallOutcome } from "#host/functions/outcome.ts";
import { replayHttp, type Replay } from "#host/http/replay.ts";
import { parseTranscript } from "#host/http/transcript.ts";
import { Overlay } from "#host/state/overlay.ts";
import { checkWriteSet, type Write } from "#seal/writes.ts";
import { SESSION_ENTRY_AGE_MS_MAX } from "#session/certificate.ts";
import type { Session, Sessions } from "#session/sessions.ts";
import { chainOf, faultOutcome, outcomeOf, writesOf, type CallSite } from "#exec/call.ts";
import type { Cluster } from "#exec/cluster.ts";
import type { Contracts } from "#exec/contracts.ts";
import type { CommandEntry, Entry, SessionEntry } from "#exec/entry.ts";
import { MachineFailure } from "#exec/machine-failure.ts";
import { Preparer, type Prepared, type Step } from "#exec/prepare.ts";
import { commandRandoms } from "#exec/randomness.ts";
import type { Answer } from "#exec/replier.ts";
import {
  emptied,
  namespaced,
  SYSTEM_NAMESPACE,
  type Effects,
  type Replica,
} from "#exec/replica.ts";
import { Scheduled, type ScheduledStep } from "#exec/scheduled.ts";
import { servingKey } from "#exec/system.ts";

export interface Executed {
  readonly effects: Effects;
  readonly timeMs: number;
  /** Nothing for entries that answer nobody, and for a repeated request. */
  readonly answer?: Answer;
}

interface Called extends Omit<Answer, "requestId" | "session"> {
  /** Writes of the contract and of those it called; empty unless it returned. */
  readonly writes: readonly Write[];
}

/** What the code of a command did. */
export type Ran = Omit<Called, "codeHash" | "contract">;

/** How the code of a command is run. */
export interface How {
  /** Gives up at the end of its first slice; without it, the code runs to its end at once. */
  readonly pace?: Pace;
  /** What the code did, as {@link Executor.inSlices} told: it does not run again. */
  readonly ran?: Ran;
}

const NO_HASH: Uint8Array = new Uint8Array(32);
const NOTHING: Uint8Array = new Uint8Array(0);

export class Executor {
  readonly #primitives: Primitives;
  readonly #cluster: Cluster;
  readonly #replica: Replica;
  readonly #sessions: Sessions;
  readonly #contracts: Contracts;
  readonly #preparer: Preparer;
  readonly #scheduled: Scheduled;

  constructor(
    primitives: Primitives,
    cluster: Cluster,
    replica: Replica,
    sessions: Sessions,
    contracts: Contracts,
  ) {
    this.#primitives = primitives;
    this.#cluster = cluster;
    this.#replica = replica;
    this.#sessions = sessions;
    this.#contracts = contracts;
    this.#preparer = new Preparer(primitives, cluster, contracts);
    this.#scheduled = new Scheduled(primitives, cluster, replica, contracts);
  }

  /** Runs the calls that are planned for the height of an entry, before it. @returns As {@link Scheduled.run}. */
  due(entry: Entry): Iterable<ScheduledStep> {
    return this.#scheduled.run(this.#timeOf(entry));
  }

  /**
   * Executes an entry at the height after the replica's; commits nothing.
   *
   * @throws {@link SliceOver} if code does not end in the slice it may run; then nothing has happened.
   */
  execute(entry: Entry, how: How = {}): Executed {
    const system = new Overlay(this.#replica.system);
    const timeMs = this.#timeOf(entry);
    switch (entry.kind) {
      case "session":
        return this.#session(entry, system, timeMs);
      case "command":
        return this.#command(entry, system, timeMs, how);
      case "boot":
        // A boot's epoch is its height: an entry that was held back is of an enclave that may not serve.
        if (entry.bootEpoch === this.#replica.height + 1) system.set(servingKey, entry.workerKey);
        return silent(system, timeMs);
      case "checkpoint":
      case "tick":
        return silent(system, timeMs);
    }
  }

  /** Time never runs back, and a clock that jumps ahead is not followed. */
  #timeOf(entry: Entry): number {
    const last = this.#replica.timeMs;
    const jumped = last > 0 && entry.timeMs - last > TIME_STEP_MS_MAX;
    return jumped ? last : Math.max(entry.timeMs, last);
  }

  #session(entry: SessionEntry, system: Overlay, timeMs: number): Executed {
    const { requestId, account, secret } = entry;
    const session = { id: entry.session, account, secret };
    try {
      // An idle session may be dropped. No entry of its certificate must open it again with an
      // unused window.
      if (entry.timeMs > timeMs || timeMs - entry.timeMs > SESSION_ENTRY_AGE_MS_MAX) {
        throw new Fault("TIME_REFUSED", { limit: SESSION_ENTRY_AGE_MS_MAX });
      }
      const opened = this.#sessions.add(system, session, timeMs);
      const outcome = { kind: "returned", value: NOTHING } as const;
      const answer = { requestId, session: opened, outcome, ...silence };
      return { effects: effectsOf(system, [], outcome, 0), timeMs, answer };
    } catch (error) {
      if (error instanceof Fault) return silent(new Overlay(this.#replica.system), timeMs);
      throw error;
    }
  }

  /**
   * Runs the code of a command in slices, and changes nothing.
   *
   * @returns What {@link execute} takes in place of running it; the replica must be as it was.
   */
  async inSlices(entry: CommandEntry, pace: Pace): Promise<Ran> {
    const system = new Overlay(this.#replica.system);
    const { account } = this.#sessions.find(system, entry.session);
    const { step, contract, codeHash } = this.#prepare(entry, account, system);
    if (step === undefined) return NOTHING_RAN;
    const site = { system, timeMs: this.#timeOf(entry), pace, isResumable: true };
    const { chain, replay } = this.#chain(entry, site);
    const module = this.#contracts.resumable(system, codeHash);
    const first = { mode: step.mode, caller: account, address: contract };
    return this.#ended(await runCallAsync(module, step.call, chain.first(first)), chain, replay);
  }

  #prepare(entry: CommandEntry, account: Uint8Array, system: Overlay): Prepared {
    const sender = { account, contract: entry.contract, height: this.#replica.height + 1 };
    return this.#preparer.prepare(system, sender, parseRequest(entry.body));
  }

  #command(entry: CommandEntry, system: Overlay, timeMs: number, how: How): Executed {
    const { requestId, sequence } = entry;
    let session: Session;
    try {
      session = this.#sessions.find(system, entry.session);
      this.#sessions.use(system, entry.session, sequence, timeMs);
    } catch (error) {
      // A request that is in the log twice: the first one was answered.
      if (error instanceof Fault) return silent(new Overlay(this.#replica.system), timeMs);
      throw error;
    }
    const called = this.#attempt(entry, session, system, timeMs, how);
    const { outcome, gasUsed, events, logs, writes, codeHash, contract } = called;
    const effects = effectsOf(system, writes, outcome, gasUsed);
    const answer = { requestId, session, contract, codeHash, outcome, gasUsed, events, logs };
    return { effects, timeMs, answer };
  }

  #attempt(
    entry: CommandEntry,
    session: Session,
    system: Overlay,
    timeMs: number,
    how: How,
  ): Called {
    try {
      if (entry.timeMs > timeMs) {
        throw new Fault("TIME_REFUSED", { limit: TIME_STEP_MS_MAX });
      }
      return this.#perform(entry, session, system, timeMs, how);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return { ...silence, outcome: faultOutcome(error), writes: [], contract: entry.contract };
    }
  }

  /** Prepares the request, runs what it runs, and keeps what it changed only if it succeeded. */
  #perform(
    entry: CommandEntry,
    { account }: Session,
    system: Overlay,
    timeMs: number,
    { pace, ran: before }: How,
  ): Called {
    const changed = new Overlay(system);
    const prepared = this.#prepare(entry, account, changed);
    const { contract, codeHash, step, gas, value, empties = false } = prepared;
    // What ends a contract frees room, also where there is none.
    if (!empties) this.#replica.checkRoom(namespaced(SYSTEM_NAMESPACE, changed.writes()));
    const run = ({ mode, module, call }: Step): Ran => {
      const { chain, replay } = this.#chain(entry, {
        system: changed,
        timeMs,
        isResumable: false,
        pace,
      });
      const first = { mode, caller: account, address: contract };
      return this.#ended(runCall(module, call, chain.first(first)), chain, replay);
    };
    const ran = before ?? (step === undefined ? NOTHING_RAN : run(step));
    const called = { ...ran, gasUsed: ran.gasUsed + gas, codeHash, contract };
    if (ran.outcome.kind !== "returned") return called;
    for (const [key, own] of changed.writes()) {
      if (own === undefined) system.remove(key);
      else system.set(key, own);
    }
    const outcome = value === undefined ? ran.outcome : ({ kind: "returned", value } as const);
    return { ...called, outcome, writes: empties ? [emptied(contract)] : ran.writes };
  }

  #chain(
    entry: CommandEntry,
    own: Pick<CallSite, "system" | "timeMs" | "isResumable"> & { readonly pace: Pace | undefined },
  ): { readonly chain: Chain; readonly replay: Replay } {
    const transcript = entry.transcript.length === 0 ? [] : parseTranscript(entry.transcript);
    const replay = replayHttp(transcript, this.#primitives.sha256);
    const { pace, ...site } = own;
    const chain = chainOf(this.#contracts, {
      ...site,
      ...(pace && { pace }),
      height: this.#replica.height + 1,
      random: commandRandoms(this.#primitives, this.#cluster, entry.requestId),
      contractSecret: this.#cluster.contractSecret,
      http: () => replay.power,
      state: (namespace) => this.#replica.store(namespace),
    });
    return { chain, replay };
  }

  #ended(call: CallOutcome, chain: Chain, replay: Replay): Ran {
    const { end, gasUsed, logs } = call;
    this.#contracts.report(chain);
    // Another worker may not run short where this one did: such an end is no result, so it stops here.
    if (end.kind === "fault" && end.fault.side === "enclave")
      throw new MachineFailure(end.fault.code);
    if (end.kind !== "returned") {
      return { outcome: outcomeOf(call), gasUsed, logs, events: [], writes: [] };
    }
    const writes = writesOf(chain);
    try {
      replay.assertConsumed();
      checkWriteSet(writes);
      this.#replica.checkRoom(writes);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return { outcome: faultOutcome(error), gasUsed, logs, events: [], writes: [] };
    }
    return { outcome: outcomeOf(call), gasUsed, logs, events: call.events, writes };
  }
}

/** What comes of a request that runs no code of a contract. */
const NOTHING_RAN = {
  outcome: { kind: "returned", value: NOTHING },
  gasUsed: 0,
  events: [],
  logs: [],
  writes: [],
} as const;

const silence = {
  contract: SYSTEM_NAMESPACE,
  codeHash: NO_HASH,
  gasUsed: 0,
  events: [],
  logs: [],
} as const;

function effectsOf(
  system: Overlay,
  own: readonly Write[],
  outcome: Outcome,
  gasUsed: number,
): Effects {
  const writes = [...namespaced(SYSTEM_NAMESPACE, system.writes()), ...own];
  // Where in the code a call stopped is the engine's word, and engines need not agree on it.
  const agreed = outcome.kind === "fault" ? { ...outcome, trace: [] } : outcome;
  return { writes, outcome: encodeOutcome(agreed), gasUsed };
}

function silent(system: Overlay, timeMs: number): Executed {
  const writes = namespaced(SYSTEM_NAMESPACE, system.writes());
  return { effects: { writes, outcome: NOTHING, gasUsed: 0 }, timeMs };
}
