/**
 * An enclave whose state is restored: requests become answers or entries of the log, entries become state
 * and replies.
 *
 * While entries are still restored it only executes; see {@link Enclave} for what it may do when.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { HTTP_RETRIES_MAX } from "#protocol/limits.ts";
import { encodeInfo, type Evidence } from "#protocol/info.ts";
import type { Signer } from "#crypto/primitives.ts";
import { reportData } from "#crypto/statements.ts";
import { Cancellation } from "#host/http/cancellation.ts";
import type { Admitted, Entry } from "#exec/entry.ts";
import { EntryBook } from "#exec/entry-book.ts";
import { Ledger } from "#exec/ledger.ts";
import type { Node } from "#exec/node.ts";
import { Replier } from "#exec/replier.ts";
import { Requests } from "#exec/requests.ts";
import { Retries } from "#exec/retries.ts";
import { Snapshots } from "#exec/snapshots.ts";
import { mayServe } from "#exec/system.ts";
import { isAnythingPlanned } from "#exec/timetable.ts";
import type { Verdict } from "#exec/verdict.ts";
import { doAtOnce } from "#exec/work.ts";

export class Serving {
  readonly #node: Node;
  readonly #worker: Signer;
  readonly #bootEpoch: number;
  readonly #fail: (error: unknown) => void;
  readonly #evidence: Evidence;
  readonly #book: EntryBook;
  readonly #replier: Replier;
  readonly #ledger: Ledger;
  readonly #requests: Requests;
  readonly #retries: Retries = new Retries();
  readonly #snapshots: Snapshots;
  /** Of requests under way, by number. */
  readonly #cancellations = new Map<number, Cancellation>();
  #isOver = false;

  /**
   * @param worker - The key of this boot, which signs replies.
   * @param bootEpoch - Where its own entry is to stand in the log.
   * @param fail - Ends the enclave, for what goes wrong after a message was taken.
   */
  constructor(node: Node, worker: Signer, bootEpoch: number, fail: (error: unknown) => void) {
    const { primitives, entropy, tee } = node.powers;
    const { name, kemPublic: clusterKey, config } = node.cluster;
    this.#node = node;
    this.#worker = worker;
    this.#bootEpoch = bootEpoch;
    this.#fail = fail;
    const identity = { ...name, clusterKey, workerKey: worker.publicKey, bootEpoch, config };
    this.#evidence = tee.evidence(reportData(primitives, identity));
    this.#replier = new Replier(primitives, entropy, name, worker, tee.measurement, bootEpoch);
    this.#book = new EntryBook(node.cluster);
    this.#ledger = new Ledger(node, this.#book, this.#replier, {
      answered: (requestId) => void this.#retries.take(requestId),
      again: (requestId) => this.#again(requestId),
    });
    this.#requests = new Requests(node);
    this.#snapshots = new Snapshots(node);
  }

  /** Nothing is answered any more. */
  stop(): void {
    this.#isOver = true;
    this.#ledger.stop();
  }

  /** Executes entries that stood in the log before this boot, each as it is sealed and as it was opened. */
  replay(entries: Iterable<readonly [Uint8Array, Admitted]>): void {
    for (const [sealed, entry] of entries) doAtOnce(this.#ledger.run(sealed, entry));
    this.#ledger.flush();
  }

  /** The entry that makes this boot the one that serves. */
  bootEntry(): Uint8Array {
    const { powers, timeMs } = this.#node;
    return this.#seal({
      kind: "boot",
      timeMs: timeMs(),
      bootEpoch: this.#bootEpoch,
      workerKey: this.#worker.publicKey,
      measurement: powers.tee.measurement,
    });
  }

  #seal(entry: Entry): Uint8Array {
    const { height, digest } = this.#node.replica;
    return this.#book.seal({ entry, after: { height, digest } });
  }

  execute(firstHeight: number, entries: readonly Uint8Array[]): void {
    this.#ledger
      .execute(firstHeight, entries)
      ?.then(() => {
        if (!this.#isOver) this.#snapshots.makeDue();
      })
      .catch(this.#fail);
  }

  /** Answers a request, or has it put into the log. @throws {@link Fault} `MESSAGE_MALFORMED` if another enclave serves. */
  request(id: number, envelope: Uint8Array): void {
    // Two boots must not answer under one epoch, nor two enclaves on one log: this one's own entry has to
    // stand in the log, where it belongs, and no newer one.
    if (!mayServe(this.#node.replica.presentSystem, this.#worker.publicKey)) {
      throw new Fault("MESSAGE_MALFORMED");
    }
    const { send, abort } = this.#node.powers;
    const retries = this.#retries.hasRoom(envelope) ? HTTP_RETRIES_MAX : 0;
    const cancellation = new Cancellation();
    this.#cancellations.set(id, cancellation);
    const over = (): void => {
      // Numbers are the operator's to give, also twice.
      if (this.#cancellations.get(id) === cancellation) this.#cancellations.delete(id);
    };
    this.#requests.decide(envelope, retries, cancellation).then(
      (verdict) => {
        over();
        this.#settle(id, envelope, verdict);
      },
      (error: unknown) => {
        over();
        if (!(error instanceof Fault)) abort(error);
        else send({ type: "rejected", id, fault: error.number, facts: error.facts });
      },
    );
  }

  /** Ends a request that is a query, if it is under way. */
  cancel(untrustedId: number): void {
    this.#cancellations.get(untrustedId)?.end();
  }

  /** Tries a command anew: its entry has changed nothing, because the state had moved. */
  #again(requestId: Uint8Array): void {
    const retry = this.#retries.take(requestId);
    if (retry === undefined) return;
    const { id, envelope, left } = retry;
    const { abort, nextTurn } = this.#node.powers;
    const giveUp = (error: unknown): void => {
      if (!(error instanceof Fault)) return abort(error);
      try {
        if (!this.#isOver) this.#settle(id, envelope, this.#requests.giveUp(envelope));
      } catch (again) {
        // A copy of it was executed meanwhile, and answered.
        if (!(again instanceof Fault)) abort(again);
      }
    };
    // Not before all that is under way in this height is done.
    const decided = nextTurn().then(() => this.#requests.decide(envelope, left - 1));
    decided.then((verdict) => {
      // Its sender waits for what the log says.
      if (verdict.kind === "answer") giveUp(new Fault("HTTP_REPLAY_MISMATCH"));
      else this.#settle(id, envelope, verdict);
    }, giveUp);
  }

  #settle(id: number, envelope: Uint8Array, verdict: Verdict): void {
    const { send } = this.#node.powers;
    // It waited for HTTP, and the enclave has stopped since.
    if (this.#isOver) return;
    if (verdict.kind === "entry") {
      const { requestId, entry, retries: left = 0 } = verdict;
      if (left > 0) this.#retries.keep(requestId, { id, envelope, left });
      send({ type: "admitted", id, requestId, entry: this.#seal(entry) });
      return;
    }
    const { answered, height, digest } = verdict;
    send({ type: "answered", id, reply: this.#replier.seal(answered, height, digest) });
  }

  /** Hands out a snapshot, as soon as the height is complete. */
  makeSnapshot(): void {
    this.#snapshots.make();
  }

  /** Says in the log that a snapshot is stored. @throws {@link Fault} `MESSAGE_MALFORMED` as {@link Snapshots.stored}. */
  checkpoint(untrustedHeight: number): void {
    const entry = this.#snapshots.stored(untrustedHeight);
    this.#node.powers.send({ type: "entry", entry: this.#seal(entry) });
  }

  /** Lets a height pass; unless `always`, only if a contract has planned something. */
  tick(always: boolean): void {
    const { powers, replica, timeMs } = this.#node;
    if (!always && !isAnythingPlanned(replica.presentSystem)) return;
    powers.send({ type: "tick", entry: this.#seal({ kind: "tick", timeMs: timeMs() }) });
  }

  info(id: number): void {
    const { cluster, replica, powers, timeMs } = this.#node;
    const info = encodeInfo({
      ...cluster.name,
      clusterKey: cluster.kemPublic,
      workerKey: this.#worker.publicKey,
      bootEpoch: this.#bootEpoch,
      height: replica.height,
      digest: replica.digest,
      timeMs: timeMs(),
      config: cluster.config,
      evidence: this.#evidence,
    });
    powers.send({ type: "info", id, info });
  }
}
