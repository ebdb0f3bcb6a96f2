/**
 * Executes log entries: the deterministic heart. Same entries, same state, on every worker.
 *
 * It knows no clock, no entropy and no network; what a command needs of them stands in its entry.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { TIME_STEP_MS_MAX } from "#protocol/limits.ts";
import { Overlay } from "#host/state/overlay.ts";
import { SESSION_ENTRY_AGE_MS_MAX } from "#session/certificate.ts";
import type { Sessions } from "#session/sessions.ts";
import { Commands } from "#exec/commands.ts";
import type { Entry, SessionEntry } from "#exec/entry.ts";
import { effectsOf, NOTHING, silent, type Executed } from "#exec/executed.ts";
import type { LogPace } from "#exec/logged.ts";
import type { Parts } from "#exec/parts.ts";
import { SYSTEM_NAMESPACE, type Replica } from "#exec/replica.ts";
import { NO_HASH } from "#exec/replier.ts";
import { Scheduled, type Planned } from "#exec/scheduled.ts";
import { servingKey } from "#exec/system.ts";
import type { Work } from "#exec/work.ts";

export class Executor {
  readonly #replica: Replica;
  readonly #sessions: Sessions;
  readonly #commands: Commands;
  readonly #scheduled: Scheduled;

  constructor(parts: Parts) {
    this.#replica = parts.replica;
    this.#sessions = parts.sessions;
    this.#commands = new Commands(parts);
    this.#scheduled = new Scheduled(parts);
  }

  /** Runs the calls that are planned for the height of an entry, before it: see {@link Scheduled.run}. */
  due(entry: Entry, pace?: LogPace): Work<Planned> {
    return this.#scheduled.run(this.#timeOf(entry), pace);
  }

  /**
   * Executes an entry at the height after the replica's; commits nothing.
   *
   * @param pace - Without it, code runs to its end at once.
   */
  *execute(entry: Entry, pace?: LogPace): Work<Executed> {
    const system = new Overlay(this.#replica.system);
    const timeMs = this.#timeOf(entry);
    switch (entry.kind) {
      case "session":
        return this.#session(entry, system, timeMs);
      case "command":
        return yield* this.#commands.execute(entry, { system, timeMs, pace });
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
      const answer = { requestId, session: opened, outcome, ...NO_CODE };
      return { effects: effectsOf(system, [], outcome, 0), timeMs, answer };
    } catch (error) {
      if (error instanceof Fault) return silent(new Overlay(this.#replica.system), timeMs);
      throw error;
    }
  }
}

/** What an answer says of an entry that is about no contract. */
const NO_CODE = {
  contract: SYSTEM_NAMESPACE,
  codeHash: NO_HASH,
  gasUsed: 0,
  events: [],
  logs: [],
} as const;
