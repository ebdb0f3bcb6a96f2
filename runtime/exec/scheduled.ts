/**
 * Runs planned calls: at each height, before the entry that stands there, from the log alone.
 *
 * Nobody pays for them when they run, so together they get a tenth of the time that passes, and at each
 * height only a few run; the rest waits in its order. A call that fails is not tried again. Who planned
 * it can see how it ended.
 *
 * @module
 */
import { framed, u64, utf8 } from "#protocol/bytes.ts";
import { integer, pack } from "#protocol/codec.ts";
import { Fault } from "#protocol/fault.ts";
import {
  SCHEDULED_FAILURES_MAX,
  SCHEDULED_GAS_MAX,
  SCHEDULED_GAS_PER_MS,
  SCHEDULED_PER_HEIGHT_MAX,
  SCHEDULED_WRITES_BYTES_MAX,
} from "#protocol/limits.ts";
import type { PublicEvent } from "#protocol/messages.ts";
import { Fields } from "#protocol/shape.ts";
import { labels } from "#crypto/labels.ts";
import type { CallOutcome } from "#host/functions/outcome.ts";
import type { HttpPower } from "#host/http/power.ts";
import { Overlay } from "#host/state/overlay.ts";
import type { StateReader } from "#host/state/reader.ts";
import { sealedBytes, type Write } from "#seal/writes.ts";
import { outcomeOf, writesOf } from "#exec/call.ts";
import { runLogged, type LogPace } from "#exec/logged.ts";
import type { Parts } from "#exec/parts.ts";
import { commandRandoms } from "#exec/randomness.ts";
import { namespaced, SYSTEM_NAMESPACE } from "#exec/replica.ts";
import { recordRun } from "#exec/runs.ts";
import { countFailure, isIdle, removePlans, takeDue, type Due } from "#exec/timetable.ts";
import type { Work } from "#exec/work.ts";

export type PlannedEvent = Omit<PublicEvent, "height">;

/** What the planned calls of one height changed. */
export interface Planned {
  readonly writes: readonly Write[];
  readonly events: readonly PlannedEvent[];
}

/** What one of them changed. */
interface Step extends Planned {
  readonly bytes: number;
}

/** What one of them may use. */
interface Site {
  readonly system: Overlay;
  readonly timeMs: number;
  readonly gas: number;
  /** Bytes. */
  readonly room: number;
  readonly pace: LogPace | undefined;
}

/** What a planned call left behind; nothing unless it returned. */
interface Ran {
  readonly call: CallOutcome;
  readonly writes: readonly Write[];
}

const BUDGET_KEY = utf8("schedule/budget");

/** There is nobody to ask ahead of the height. */
const NO_HTTP: HttpPower = {
  kind: "replay",
  next: () => {
    throw new Fault("MODE_REFUSED");
  },
};

export class Scheduled {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Runs what is due at the height after the replica's, one call after the other, and applies what each
   * one changed, ahead of the height.
   *
   * @param timeMs - The time of that height.
   */
  *run(timeMs: number, pace?: LogPace): Work<Planned> {
    const { replica } = this.#parts;
    const planned: { writes: Write[]; events: PlannedEvent[] } = { writes: [], events: [] };
    let room = SCHEDULED_WRITES_BYTES_MAX;
    for (let count = 0; count < SCHEDULED_PER_HEIGHT_MAX; count++) {
      if (isIdle(replica.system, replica.height + 1)) break;
      const system = new Overlay(replica.system);
      const gas = gasLeft(system, timeMs);
      const due = takeDue(system, replica.height + 1, gas);
      const site = { system, timeMs, gas, room, pace };
      const step = due === undefined ? undefined : yield* this.#step(due, site);
      const writes = [...namespaced(SYSTEM_NAMESPACE, system.writes()), ...(step?.writes ?? [])];
      replica.applyAhead(writes);
      for (const write of writes) planned.writes.push(write);
      if (step === undefined) break;
      planned.events.push(...step.events);
      room -= step.bytes;
    }
    return planned;
  }

  *#step({ address, plan }: Due, site: Site): Work<Step> {
    const height = this.#parts.replica.height + 1;
    const { id, method, failures } = plan;
    const { system, timeMs, gas } = site;
    const { call, writes } = yield* this.#call({ address, plan }, site);
    const { gasUsed } = call;
    system.set(BUDGET_KEY, pack([integer(gas - gasUsed), integer(timeMs)]));
    const outcome = outcomeOf(call);
    recordRun(system, address, { height, method, outcome, gasUsed });
    if (outcome.kind !== "returned") {
      const isGivenUp = failures + 1 >= SCHEDULED_FAILURES_MAX;
      if (isGivenUp) removePlans(system, address, (each) => each.id === id);
      else countFailure(system, address, id, failures + 1);
      return { writes: [], events: [], bytes: 0 };
    }
    const events = call.events
      .filter((event) => event.public)
      .map(({ contract = address, name, fields }) => ({ contract, name, fields }));
    return { writes, events, bytes: bytesOf(call, writes) };
  }

  *#call({ address, plan }: Due, { system, timeMs, room, pace }: Site): Work<Ran> {
    const height = this.#parts.replica.height + 1;
    const { method, args, gasLimit, id } = plan;
    const requestId = this.#parts.primitives.sha256(
      framed(labels.scheduledCall, address, u64(id), u64(height)),
    );
    const { codeHash } = this.#parts.contracts.record(system, address);
    const logged = {
      module: this.#parts.contracts.module(system, codeHash),
      codeHash,
      request: { method, args, gasLimit },
      first: { mode: "command", caller: address, address } as const,
      site: () => ({
        timeMs,
        height,
        random: commandRandoms(this.#parts.primitives, this.#parts.cluster, requestId),
        contractSecret: this.#parts.cluster.contractSecret,
        cluster: this.#parts.cluster.name.cluster,
        http: () => NO_HTTP,
        state: (namespace: Uint8Array) => this.#parts.replica.store(namespace),
        system,
      }),
    };
    const { call, chain } = yield* runLogged(this.#parts.contracts, logged, pace);
    if (call.end.kind !== "returned") return { call, writes: [] };
    const writes = writesOf(chain);
    try {
      const length = bytesOf(call, writes);
      if (length > room) throw new Fault("STATE_WRITE_SET", { length, limit: room });
      this.#parts.replica.checkRoom(writes);
      return { call, writes };
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return { call: { ...call, end: { kind: "fault", fault: error } }, writes: [] };
    }
  }
}

/** Bytes of what a call leaves in a delta and beside it. */
function bytesOf(call: CallOutcome, writes: readonly Write[]): number {
  const written = writes.reduce((sum, write) => sum + sealedBytes(write), 0);
  return call.events.reduce((sum, { fields }) => sum + fields.length, written);
}

/** Gas that planned calls may use now: what time has brought since the last one, up to one call's. */
function gasLeft(system: StateReader, timeMs: number): number {
  const stored = system.get(BUDGET_KEY);
  if (stored === undefined) return SCHEDULED_GAS_MAX;
  const fields = Fields.parse(stored, "SEAL_BROKEN");
  const gas = fields.integer();
  const sinceMs = timeMs - fields.integer();
  fields.end();
  return Math.min(SCHEDULED_GAS_MAX, gas + sinceMs * SCHEDULED_GAS_PER_MS);
}
