/**
 * Runs entries against the replica and hands out what each run changed: deltas and sealed replies.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { RECEIPTS_MAX } from "#protocol/limits.ts";
import type { ExecutedReply, PublicEvent } from "#protocol/messages.ts";
import { bucketBytes } from "#protocol/padding.ts";
import { sealDelta } from "#seal/delta.ts";
import { sealedBytes, type Write } from "#seal/writes.ts";
import type { Admitted, Entry } from "#exec/entry.ts";
import type { EntryBook } from "#exec/entry-book.ts";
import type { Executed } from "#exec/executed.ts";
import { LogPace } from "#exec/logged.ts";
import type { Node } from "#exec/node.ts";
import type { Answer, Placed, Replier } from "#exec/replier.ts";
import { effectsHash, nextDigest } from "#exec/replica.ts";
import type { Work } from "#exec/work.ts";

/** Bytes after which what was executed is reported, so that no message grows past a frame. */
const REPORT_BYTES = 1024 * 1024;
/** Bytes of a height that changed nothing: the hash of its effects. */
const HEIGHT_BYTES = 40;
/** Bytes of a reply that says nothing, padded and with its receipts; and of an event or log line around its text. */
const REPLY_BYTES = 2048;
const LINE_BYTES = 128;

/**
 * Answers of a batch that are handed out as soon as there are so many: the worker process and the clients go on
 * with them while the rest is executed. Each further part is twice as large, up to what one signature covers.
 */
const FIRST_ANSWERS = 4;

/** Hears what becomes of commands. */
export interface Hearing {
  answered(requestId: Uint8Array): void;
  again(requestId: Uint8Array): void;
}

export class Ledger {
  readonly #node: Node;
  readonly #book: EntryBook;
  readonly #replier: Replier;
  readonly #retries: Hearing | undefined;
  #firstHeight = 0;
  #previousDigest: Uint8Array = new Uint8Array(0);
  #effects: Uint8Array[] = [];
  #writes: Write[] = [];
  #bytes = 0;
  #placed: Placed[] = [];
  /** Answers that the next report waits for, if so many come. */
  #together = FIRST_ANSWERS;
  #replies: ExecutedReply[] = [];
  #events: PublicEvent[] = [];
  /** Requests that are to be tried anew once all that was executed is reported. */
  #again: Uint8Array[] = [];
  /** Whether an entry is suspended between two slices. */
  #isSuspended = false;
  #isOver = false;

  /** @param retries - Hears what became of commands that may be tried anew. */
  constructor(node: Node, book: EntryBook, replier: Replier, retries?: Hearing) {
    this.#node = node;
    this.#book = book;
    this.#replier = replier;
    this.#retries = retries;
  }

  /**
   * Executes consecutive entries of the log and reports them.
   *
   * @returns A promise if code takes longer than a slice: until it settles, no other may begin.
   * @throws {@link Fault} `LOG_DIVERGED` if the first is not the one after the replica's height, or one
   *   was admitted after another history.
   * @throws {@link Fault} `LOG_ENTRY_BROKEN` if one was not sealed by this cluster.
   * @throws {@link Fault} `MESSAGE_MALFORMED` if those of an earlier message are not done.
   */
  execute(firstHeight: number, sealedEntries: readonly Uint8Array[]): void | Promise<void> {
    if (this.#isSuspended) throw new Fault("MESSAGE_MALFORMED");
    const work = this.#executeAll(firstHeight, sealedEntries);
    const step = work.next();
    if (step.done !== true) return this.#goOn(work, step.value);
  }

  *#executeAll(firstHeight: number, sealedEntries: readonly Uint8Array[]): Work<void> {
    const { replica, turns, powers } = this.#node;
    const pace = powers.runsLogAtOnce === true ? undefined : new LogPace(turns);
    this.#together = FIRST_ANSWERS;
    for (const [i, sealed] of sealedEntries.entries()) {
      const height = firstHeight + i;
      if (height !== replica.height + 1) throw new Fault("LOG_DIVERGED", { height });
      yield* this.run(sealed, this.#book.open(sealed, height), pace);
    }
    this.flush();
  }

  /** Does the rest of some work; queries go on in between, on the state as it was before the height. */
  async #goOn(work: Work<void>, first: Promise<void>): Promise<void> {
    this.#isSuspended = true;
    for (let waited: Promise<void> | undefined = first; waited !== undefined;) {
      // What came before is done: its replies do not wait, and a snapshot lies between two deltas.
      this.flush();
      await waited;
      if (this.#isOver) return;
      const step = work.next();
      waited = step.done === true ? undefined : step.value;
    }
    this.#isSuspended = false;
  }

  /** Leaves what is suspended to its end, which nobody is told of. */
  stop(): void {
    this.#isOver = true;
  }

  /**
   * Executes one entry, after the calls that are planned for its height; what changed is reported by the
   * next {@link flush}.
   *
   * @param pace - Without it, code runs to its end at once.
   * @throws {@link Fault} `LOG_DIVERGED` if it was admitted after another history.
   */
  *run(sealedEntry: Uint8Array, { entry, after }: Admitted, pace?: LogPace): Work<void> {
    const { replica, executor, powers } = this.#node;
    replica.history.check(after, replica.height + 1);
    const due = yield* executor.due(entry, pace);
    const executed = yield* executor.execute(entry, pace);
    const writes = [...due.writes, ...executed.effects.writes];
    const effects = effectsHash(powers.primitives, { ...executed.effects, writes });
    if (this.#effects.length === 0) {
      this.#firstHeight = replica.height + 1;
      this.#previousDigest = replica.digest;
    }
    replica.complete(executed.effects.writes);
    replica.height += 1;
    replica.digest = nextDigest(powers.primitives, replica.digest, sealedEntry, effects);
    replica.timeMs = executed.timeMs;
    replica.history.remember(replica);
    this.#effects.push(effects);
    this.#bytes += HEIGHT_BYTES;
    for (const write of writes) {
      this.#writes.push(write);
      this.#bytes += sealedBytes(write);
    }
    for (const event of due.events) this.#tell({ ...event, height: replica.height });
    this.#answer(entry, executed);
    if (this.#bytes > REPORT_BYTES) this.flush();
    if (this.#placed.length === this.#together) {
      this.flush();
      this.#together = Math.min(this.#together * 2, RECEIPTS_MAX);
    }
  }

  #tell(event: PublicEvent): void {
    this.#events.push(event);
    this.#bytes += LINE_BYTES + event.fields.length;
  }

  #answer(entry: Entry, executed: Executed): void {
    const { answer, again } = executed;
    if (again !== undefined) this.#again.push(again);
    if (answer === undefined) return;
    this.#retries?.answered(answer.requestId);
    const { height, digest } = this.#node.replica;
    const kind = entry.kind === "session" ? "session" : "command";
    this.#placed.push({ answered: { kind, ...answer }, height, digest });
    this.#bytes += replyBytes(answer);
    for (const event of answer.events) {
      const { name, fields, contract = answer.contract } = event;
      if (event.public) this.#tell({ contract, height, name, fields });
    }
  }

  /** Seals the replies to what was executed since the last time. */
  #reply(): void {
    const sealed = this.#replier.sealAll(this.#placed);
    for (const [i, { answered, height }] of this.#placed.entries()) {
      const reply = sealed[i];
      if (reply === undefined) throw new Error("every answer gives a reply");
      this.#replies.push({ requestId: answered.requestId, height, reply });
    }
    this.#placed = [];
  }

  /** Seals and sends what has been executed since the last time. */
  flush(): void {
    if (this.#effects.length === 0) return;
    this.#reply();
    const { cluster, replica, powers } = this.#node;
    const delta = sealDelta(cluster.state, cluster.name, {
      firstHeight: this.#firstHeight,
      lastHeight: replica.height,
      previousDigest: this.#previousDigest,
      digest: replica.digest,
      timeMs: replica.timeMs,
      effects: this.#effects,
      writes: this.#writes,
    });
    powers.send({
      type: "executed",
      height: replica.height,
      delta,
      replies: this.#replies,
      events: this.#events,
    });
    this.#effects = [];
    this.#writes = [];
    this.#replies = [];
    this.#events = [];
    this.#bytes = 0;
    for (const requestId of this.#again.splice(0)) this.#retries?.again(requestId);
  }
}

/** Bytes that a reply takes, about: in buckets, because the operator sees where a report ends. */
function replyBytes({ outcome, events, logs }: Answer): number {
  let bytes = REPLY_BYTES;
  if (outcome.kind === "returned") bytes += outcome.value.length;
  if (outcome.kind === "failed") bytes += outcome.fields.length;
  for (const { fields } of events) bytes += LINE_BYTES + fields.length;
  for (const { text } of logs) bytes += LINE_BYTES + text.length;
  return bucketBytes(bytes);
}
