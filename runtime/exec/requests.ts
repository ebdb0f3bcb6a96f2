/**
 * From a client's envelope to a log entry or an answer.
 *
 * Everything a client or operator can send goes through here: it is opened, checked against its
 * session, and only then does anything of a contract run.
 *
 * @module
 */
import { equalBytes } from "#protocol/bytes.ts";
import { parseEnvelope, type Envelope } from "#protocol/envelope.ts";
import { Fault } from "#protocol/fault.ts";
import { unpad } from "#protocol/padding.ts";
import { HTTP_RETRIES_MAX } from "#protocol/limits.ts";
import { parseRequest, type RequestBody } from "#protocol/request.ts";
import { openMessage } from "#crypto/session-keys.ts";
import type { Cancellation } from "#host/http/cancellation.ts";
import type { HttpCaller, LiveHttp } from "#host/http/power.ts";
import { recordHttp, type Recording } from "#host/http/record.ts";
import { encodeTranscript } from "#host/http/transcript.ts";
import { Overlay } from "#host/state/overlay.ts";
import { openCertificate } from "#session/certificate.ts";
import type { Session } from "#session/sessions.ts";
import type { CommandEntry } from "#exec/entry.ts";
import { NOTHING } from "#exec/executed.ts";
import type { Node } from "#exec/node.ts";
import { Preparer, type Prepared, type Step } from "#exec/prepare.ts";
import { Queries } from "#exec/queries.ts";
import { commandRandoms } from "#exec/randomness.ts";
import { SYSTEM_NAMESPACE } from "#exec/replica.ts";
import { Unlogged } from "#exec/unlogged.ts";
import { answerOf, faulted, type Verdict } from "#exec/verdict.ts";

/** Faults of what is in the envelope itself: no state of the cluster will ever allow it. */
const NEVER_ALLOWED = /^(ENVELOPE|MODULE|COMPONENT)_/;

/** What a command was told when it was tried ahead of its height. */
interface Tried {
  readonly transcript: Uint8Array;
  /** How often it may be tried anew. */
  readonly retries: number;
}

const UNTRIED: Tried = { transcript: NOTHING, retries: 0 };

/** A command on its way into the log. */
interface Admission {
  readonly requestId: Uint8Array;
  readonly session: Session;
  readonly envelope: Envelope;
  readonly body: Uint8Array;
  readonly timeMs: number;
}

export class Requests {
  readonly #node: Node;
  readonly #preparer: Preparer;
  readonly #unlogged: Unlogged;
  readonly #queries: Queries;

  constructor(node: Node) {
    this.#node = node;
    this.#unlogged = new Unlogged(node.contracts, node.turns);
    this.#queries = new Queries(node, this.#unlogged);
    this.#preparer = new Preparer(node.powers.primitives, node.cluster, node.contracts);
  }

  /**
   * Decides about one envelope.
   *
   * @param retries - How often a command may be tried anew, should the state move before its height.
   * @param cancellation - Ends a query while it waits. A command goes on: whether its sender still waits for it
   *   is the operator's word.
   * @throws {@link Fault} `ENVELOPE_…` or `SESSION_…` if there is no session to seal an answer for.
   * @throws {@link Fault} `BUSY` if a command cannot be tried now: the same envelope may come again.
   */
  async decide(
    untrustedEnvelope: Uint8Array,
    retries: number = HTTP_RETRIES_MAX,
    cancellation?: Cancellation,
  ): Promise<Verdict> {
    const { name } = this.#node.cluster;
    const envelope = parseEnvelope(untrustedEnvelope);
    const { header } = envelope;
    if (!equalBytes(header.cluster, name.cluster)) throw new Fault("ENVELOPE_CLUSTER");
    if (header.epoch !== name.epoch) throw new Fault("ENVELOPE_EPOCH", { epoch: name.epoch });
    const requestId = this.#node.powers.primitives.sha256(untrustedEnvelope);
    switch (header.kind) {
      case "session":
        return this.#session(envelope, requestId);
      case "query":
        return this.#query(envelope, requestId, cancellation);
      case "command":
        return this.#command(envelope, requestId, retries);
    }
  }

  #session(envelope: Envelope, requestId: Uint8Array): Verdict {
    const { cluster, powers } = this.#node;
    const timeMs = this.#node.timeMs();
    const session = openCertificate(
      powers.primitives,
      cluster.name,
      cluster.kemSecret,
      envelope,
      timeMs,
    );
    const { id, account, secret } = session;
    this.#node.sessions.checkNew(this.#node.replica.presentSystem, id, timeMs);
    const entry = { kind: "session", timeMs, requestId, session: id, account, secret } as const;
    return { kind: "entry", requestId, entry };
  }

  #open(envelope: Envelope): { readonly session: Session; readonly body: Uint8Array } {
    const { sessions, replica, powers } = this.#node;
    const { kind, session: id } = envelope.header;
    const session = sessions.find(replica.presentSystem, id);
    const { queryRequest, commandRequest } = session.keys;
    const key = kind === "query" ? queryRequest : commandRequest;
    const padded = openMessage(powers.primitives, key, envelope.aad, envelope.sealed);
    if (padded === undefined) throw new Fault("ENVELOPE_UNOPENED");
    return { session, body: unpad(padded, "ENVELOPE_MALFORMED") };
  }

  #query(
    envelope: Envelope,
    requestId: Uint8Array,
    cancellation: Cancellation | undefined,
  ): Promise<Verdict> {
    const { session, body } = this.#open(envelope);
    return this.#queries.answer(envelope, requestId, session, body, cancellation);
  }

  /**
   * A command whose last try was in vain, so that its sender is told: without answers of the outside world it
   * ends where it first asks for one.
   *
   * @throws {@link Fault} as {@link decide}.
   */
  giveUp(untrustedEnvelope: Uint8Array): Verdict {
    const envelope = parseEnvelope(untrustedEnvelope);
    const requestId = this.#node.powers.primitives.sha256(untrustedEnvelope);
    const { session, body } = this.#open(envelope);
    const { replica, sessions } = this.#node;
    sessions.check(replica.presentSystem, session.id, envelope.header.sequence);
    const admission = { requestId, session, envelope, body, timeMs: this.#node.timeMs() };
    return { kind: "entry", requestId, entry: commandEntry(admission, NOTHING) };
  }

  async #command(envelope: Envelope, requestId: Uint8Array, retriesMax: number): Promise<Verdict> {
    const { session, body } = this.#open(envelope);
    const { replica, sessions } = this.#node;
    sessions.check(replica.presentSystem, session.id, envelope.header.sequence);
    const request = parseRequest(body);
    const timeMs = this.#node.timeMs();
    const admission = { requestId, session, envelope, body, timeMs };
    let tried: Tried = UNTRIED;
    try {
      tried = await this.#ahead(request, admission, retriesMax);
    } catch (error) {
      if (!(error instanceof Fault) || error.code === "BUSY") throw error;
      // What is refused now may be allowed by the time a hidden copy of the envelope comes again. In the
      // log the failure is final: it uses up the sequence number.
      if (!NEVER_ALLOWED.test(error.code)) {
        return { kind: "entry", requestId, entry: commandEntry(admission, NOTHING) };
      }
      const { contract } = envelope.header;
      const { height, digest } = replica;
      const base = { kind: "command", requestId, session, contract, height, digest } as const;
      return answerOf({ ...base, ...faulted(error) });
    }
    // While it waited, the same envelope may have come again and been executed: then that is its answer.
    sessions.check(replica.presentSystem, session.id, envelope.header.sequence);
    const { transcript, retries } = tried;
    return { kind: "entry", requestId, entry: commandEntry(admission, transcript), retries };
  }

  /** Tries a command ahead of its height: what would be refused, and what the outside world answers. */
  async #ahead(request: RequestBody, admission: Admission, retriesMax: number): Promise<Tried> {
    const { replica } = this.#node;
    const { session, envelope } = admission;
    const { contract } = envelope.header;
    const system = new Overlay(replica.snapshot()(SYSTEM_NAMESPACE));
    const sender = { account: session.account, contract, height: replica.height + 1 };
    const prepared = this.#preparer.prepare(system, sender, request);
    if (!prepared.step?.module.mayWait) return UNTRIED;
    const recording = await this.#speculate(
      { ...prepared, step: prepared.step },
      system,
      admission,
    );
    const exchanges = recording.transcript();
    // What must not come twice is not asked for twice, whatever becomes of the command.
    const retries = recording.isRepeatable ? retriesMax : 0;
    if (exchanges.length === 0 && retries === 0) return UNTRIED;
    return { transcript: encodeTranscript(exchanges, retries), retries };
  }

  async #speculate(
    { step, contract: address, codeHash }: Prepared & { readonly step: Step },
    system: Overlay,
    { session, requestId, timeMs }: Admission,
  ): Promise<Recording> {
    const { replica, powers, cluster } = this.#node;
    const { primitives } = powers;
    const recording = recordHttp(primitives.sha256);
    const http = (caller: HttpCaller): LiveHttp => recording.over(this.#node.http.live(caller));
    const random = commandRandoms(primitives, cluster, requestId);
    const first = { mode: step.mode, caller: session.account, address };
    const height = replica.height + 1;
    const { contractSecret, name } = cluster;
    const state = replica.snapshot();
    const site = { timeMs, height, random, contractSecret, cluster: name.cluster, state, system };
    const call = { codeHash, request: step.call, first, site, still: () => site, http };
    await this.#unlogged.run({ ...call, heldBytes: () => recording.heldBytes });
    return recording;
  }
}

function commandEntry(admission: Admission, transcript: Uint8Array): CommandEntry {
  const { requestId, session, envelope, body, timeMs } = admission;
  const { sequence, contract } = envelope.header;
  return {
    kind: "command",
    timeMs,
    requestId,
    session: session.id,
    sequence,
    contract,
    body,
    transcript,
  };
}
