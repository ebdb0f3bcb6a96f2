/**
 * Runs entries against the replica and hands out what each run changed: deltas and sealed replies.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { COMMAND_GAS_MAX, FIRST_SLICE_GAS, RECEIPTS_MAX, SLICE_GAS } from "#protocol/limits.ts";
import type { ExecutedReply, PublicEvent } from "#protocol/messages.ts";
import { SliceOver } from "#host/functions/call.ts";
import { sealDelta } from "#seal/delta.ts";
import { sealedBytes, type Write } from "#seal/writes.ts";
import { openEntry, type Admitted, type Entry } from "#exec/entry.ts";
import type { Executed, How } from "#exec/executor.ts";
import type { Node } from "#exec/node.ts";
import type { Placed, Replier } from "#exec/replier.ts";
import { effectsHash, nextDigest } from "#exec/replica.ts";

/** Bytes of writes after which a delta is sealed, so that no message grows past a frame. */
const DELTA_BYTES = 1024 * 1024;

export class Ledger {
  readonly #node: Node;
  readonly #replier: Replier;
  #firstHeight = 0;
  #previousDigest: Uint8Array = new Uint8Array(0);
  #effects: Uint8Array[] = [];
  #writes: Write[] = [];
  #bytes = 0;
  #placed: Placed[] = [];
  #replies: ExecutedReply[] = [];
  #events: PublicEvent[] = [];
  /** Whether a command is suspended between two slices. */
  #isSuspended = false;
  #isOver = false;

  constructor(node: Node, replier: Replier) {
    this.#node = node;
    this.#replier = replier;
  }

  /**
   * Executes consecutive entries of the log and reports them.
   *
   * @returns A promise if a command takes longer than a slice: until it settles, no other may begin.
   * @throws {@link Fault} `LOG_DIVERGED` if the first is not the one after the replica's height, or one
   *   was admitted after another history.
   * @throws {@link Fault} `LOG_ENTRY_BROKEN` if one was not sealed by this cluster.
   * @throws {@link Fault} `MESSAGE_MALFORMED` if those of an earlier message are not done.
   */
  execute(firstHeight: number, sealedEntries: readonly Uint8Array[]): void | Promise<void> {
    if (this.#isSuspended) throw new Fault("MESSAGE_MALFORMED");
    const { replica, cluster } = this.#node;
    for (const [i, sealed] of sealedEntries.entries()) {
      const height = firstHeight + i;
      if (height !== replica.height + 1) throw new Fault("LOG_DIVERGED", { height });
      const admitted = openEntry(cluster.entries, cluster.name, sealed, height);
      try {
        this.run(sealed, admitted, { pace: { sliceGas: FIRST_SLICE_GAS } });
      } catch (error) {
        if (!(error instanceof SliceOver)) throw error;
        this.#isSuspended = true;
        // What came before it is done: its replies do not wait, and a snapshot lies between two deltas.
        this.flush();
        return this.#runLong(sealed, admitted).then(() => {
          if (!this.#isOver) return this.execute(height + 1, sealedEntries.slice(i + 1));
        });
      }
    }
    this.flush();
  }

  /** Leaves what is suspended to its end, which nobody is told of. */
  stop(): void {
    this.#isOver = true;
  }

  /** Runs a command in slices; queries go on between them, on the state as it was before it. */
  async #runLong(sealed: Uint8Array, admitted: Admitted): Promise<void> {
    const { executor, turns } = this.#node;
    const { entry } = admitted;
    if (entry.kind !== "command") throw new Error("only commands run code");
    const ran = await executor.inSlices(entry, {
      sliceGas: SLICE_GAS,
      // A command has no more gas than this, so that it ends alike in the whole and in slices.
      allocationGas: COMMAND_GAS_MAX,
      next: () => turns.nextOfLog(),
    });
    this.#isSuspended = false;
    if (!this.#isOver) this.run(sealed, admitted, { ran });
  }

  /**
   * Executes one entry; what it changed is reported by the next {@link flush}.
   *
   * @throws {@link Fault} `LOG_DIVERGED` if it was admitted after another history.
   * @throws {@link SliceOver} as {@link Executor.execute}; then nothing has happened.
   */
  run(sealedEntry: Uint8Array, { entry, after }: Admitted, how: How = {}): void {
    const { replica, executor, powers } = this.#node;
    replica.history.check(after, replica.height + 1);
    const due: Write[] = [];
    for (const { writes, events } of executor.due(entry)) {
      replica.apply(writes);
      due.push(...writes);
      for (const event of events) this.#events.push({ ...event, height: replica.height + 1 });
    }
    // Queries must not see what is planned for a height before it is complete.
    const executed = executor.execute(entry, due.length === 0 ? how : {});
    const writes = [...due, ...executed.effects.writes];
    const effects = effectsHash(powers.primitives, { ...executed.effects, writes });
    if (this.#effects.length === 0) {
      this.#firstHeight = replica.height + 1;
      this.#previousDigest = replica.digest;
    }
    replica.apply(executed.effects.writes);
    replica.height += 1;
    replica.digest = nextDigest(powers.primitives, replica.digest, sealedEntry, effects);
    replica.timeMs = executed.timeMs;
    replica.history.remember(replica);
    this.#effects.push(effects);
    for (const write of writes) {
      this.#writes.push(write);
      this.#bytes += sealedBytes(write);
    }
    this.#answer(entry, executed);
    if (this.#bytes > DELTA_BYTES) this.flush();
  }

  #answer(entry: Entry, executed: Executed): void {
    const { answer } = executed;
    if (answer === undefined) return;
    const { height, digest } = this.#node.replica;
    const kind = entry.kind === "session" ? "session" : "command";
    this.#placed.push({ answered: { kind, ...answer }, height, digest });
    if (this.#placed.length === RECEIPTS_MAX) this.#reply();
    for (const event of answer.events) {
      const { name, fields, contract = answer.contract } = event;
      if (event.public) this.#events.push({ contract, height, name, fields });
    }
  }

  /** Seals the replies to what was executed since the last time. */
  #reply(): void {
    const sealed = this.#replier.sealAll(this.#placed);
    for (const [i, { answered, height }] of this.#placed.entries()) {
      const reply = sealed[i];
      if (reply === undefined) throw new Error("every answer gives a reply");
      this.#replies.push({ requestId: answered.requestId, height, reply });
      this.#bytes += reply.length;
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
  }
}
