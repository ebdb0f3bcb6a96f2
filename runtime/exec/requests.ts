/**
 * From a client's envelope to a log entry or an answer.
 *
 * Everything a client or operator can send goes through here: it is opened, checked against its
 * session, and only then does anything of a contract run.
 *
 * @module
 */
import { equalBytes, toHex } from "#protocol/bytes.ts";
import { parseEnvelope, type Envelope } from "#protocol/envelope.ts";
import { Fault } from "#protocol/fault.ts";
import { SESSIONS_MAX } from "#protocol/limits.ts";
import { unpad } from "#protocol/padding.ts";
import { parseRequest, type CallBody, type RequestBody } from "#protocol/request.ts";
import { openMessage } from "#crypto/session-keys.ts";
import { runCall } from "#host/functions/call.ts";
import type { CallOutcome } from "#host/functions/outcome.ts";
import type { LiveHttp } from "#host/http/power.ts";
import { recordHttp } from "#host/http/record.ts";
import { replayHttp } from "#host/http/replay.ts";
import { encodeTranscript } from "#host/http/transcript.ts";
import { Overlay } from "#host/state/overlay.ts";
import type { StateReader } from "#host/state/reader.ts";
import type { AdmittedModule } from "#host/vm/admit.ts";
import { openCertificate } from "#session/certificate.ts";
import type { Session } from "#session/sessions.ts";
import { Window } from "#session/window.ts";
import { chainOf, faultOutcome, outcomeOf } from "#exec/call.ts";
import type { CommandEntry, Entry } from "#exec/entry.ts";
import { Estimator } from "#exec/estimator.ts";
import type { Node } from "#exec/node.ts";
import { Preparer, requireCode, type Step } from "#exec/prepare.ts";
import { commandRandoms } from "#exec/randomness.ts";
import type { Answered } from "#exec/replier.ts";
import { SYSTEM_NAMESPACE } from "#exec/replica.ts";
import { tellOf } from "#exec/tell.ts";
import { Waiting } from "#exec/waiting.ts";

/** What becomes of a request: it may enter the log, or it is answered at once. */
export type Verdict =
  | { readonly kind: "entry"; readonly requestId: Uint8Array; readonly entry: Entry }
  | {
      readonly kind: "answer";
      readonly answered: Answered;
      readonly height: number;
      readonly digest: Uint8Array;
    };

const NO_HASH: Uint8Array = new Uint8Array(32);
const NOTHING: Uint8Array = new Uint8Array(0);
/** Faults of what is in the envelope itself: no state of the cluster will ever allow it. */
const NEVER_ALLOWED = /^(ENVELOPE|MODULE|COMPONENT)_/;
const QUERY_WINDOWS_MAX = 2 * SESSIONS_MAX;

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
  /** Sequence numbers of queries, per session: kept by this enclave alone, gone at restart. */
  readonly #queryWindows = new Map<string, Window>();

  readonly #waiting: Waiting;
  readonly #estimator: Estimator;

  constructor(node: Node) {
    this.#node = node;
    this.#waiting = new Waiting(node.contracts);
    this.#estimator = new Estimator(node, this.#waiting);
    this.#preparer = new Preparer(node.powers.primitives, node.cluster, node.contracts);
  }

  /**
   * Decides about one envelope.
   *
   * @throws {@link Fault} `ENVELOPE_…` or `SESSION_…` if there is no session to seal an answer for.
   * @throws {@link Fault} `BUSY` if a command cannot be tried now: the same envelope may come again.
   */
  async decide(untrustedEnvelope: Uint8Array): Promise<Verdict> {
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
        return this.#query(envelope, requestId);
      case "command":
        return this.#command(envelope, requestId);
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
    this.#node.sessions.checkNew(this.#node.replica.system, id, timeMs);
    const entry = { kind: "session", timeMs, requestId, session: id, account, secret } as const;
    return { kind: "entry", requestId, entry };
  }

  #open(envelope: Envelope): { readonly session: Session; readonly body: Uint8Array } {
    const { sessions, replica, powers } = this.#node;
    const { kind, session: id } = envelope.header;
    const session = sessions.find(replica.system, id);
    const { queryRequest, commandRequest } = session.keys;
    const key = kind === "query" ? queryRequest : commandRequest;
    const padded = openMessage(powers.primitives, key, envelope.aad, envelope.sealed);
    if (padded === undefined) throw new Fault("ENVELOPE_UNOPENED");
    return { session, body: unpad(padded, "ENVELOPE_MALFORMED") };
  }

  async #query(envelope: Envelope, requestId: Uint8Array): Promise<Verdict> {
    const { session, body } = this.#open(envelope);
    this.#queryWindow(session.id).use(envelope.header.sequence);
    const request = parseRequest(body);
    const { height, digest } = this.#node.replica;
    const { contract } = envelope.header;
    const base = { kind: "query", requestId, session, contract } as const;
    try {
      const { system } = this.#node.replica;
      if (request.op === "estimate") {
        const asker = { account: session.account, contract };
        const value = await this.#estimator.estimate(asker, request);
        return { kind: "answer", answered: { ...base, ...told(value) }, height, digest };
      }
      if (request.op !== "call") {
        const value = tellOf(system, { account: session.account, contract }, request);
        return { kind: "answer", answered: { ...base, ...told(value) }, height, digest };
      }
      const { codeHash } = this.#node.contracts.record(system, contract);
      requireCode(codeHash, request);
      const module = this.#node.contracts.module(system, codeHash);
      const call = await this.#runQuery(module, session, contract, request);
      const { gasUsed, events, logs } = call;
      const answered = { ...base, codeHash, outcome: outcomeOf(call), gasUsed, events, logs };
      return { kind: "answer", answered, height, digest };
    } catch (error) {
      return { kind: "answer", answered: { ...base, ...faulted(error) }, height, digest };
    }
  }

  #queryWindow(id: Uint8Array): Window {
    const name = toHex(id);
    let window = this.#queryWindows.get(name);
    if (window === undefined) {
      if (this.#queryWindows.size >= QUERY_WINDOWS_MAX) this.#forgetClosed();
      window = new Window();
      this.#queryWindows.set(name, window);
    }
    return window;
  }

  /** Lets go of the windows of sessions that were dropped; the open ones always fit. */
  #forgetClosed(): void {
    const { sessions, replica } = this.#node;
    for (const name of this.#queryWindows.keys()) {
      if (!sessions.isOpen(replica.system, Uint8Array.fromHex(name))) {
        this.#queryWindows.delete(name);
      }
    }
  }

  async #runQuery(
    module: AdmittedModule,
    session: Session,
    contract: Uint8Array,
    body: CallBody,
  ): Promise<CallOutcome> {
    const { replica, powers, contracts, cluster } = this.#node;
    const first = { mode: "query", caller: session.account, address: contract } as const;
    const site = {
      timeMs: this.#node.timeMs(),
      height: replica.height,
      random: () => powers.entropy,
      contractSecret: cluster.contractSecret,
    } as const;
    if (!module.mayWait) {
      const http = replayHttp([], powers.primitives.sha256).power;
      const { system } = replica;
      const state = (address: Uint8Array): StateReader => replica.store(address);
      const chain = chainOf(contracts, { ...site, http: () => http, state, system });
      return runCall(module, body, chain.first(first));
    }
    const state = replica.snapshot();
    const http = (address: Uint8Array): LiveHttp => this.#node.http.live(toHex(address));
    const system = state(SYSTEM_NAMESPACE);
    return this.#waiting.run(module, body, first, { ...site, state, system }, http);
  }

  async #command(envelope: Envelope, requestId: Uint8Array): Promise<Verdict> {
    const { session, body } = this.#open(envelope);
    const { replica, sessions } = this.#node;
    sessions.check(replica.system, session.id, envelope.header.sequence);
    const request = parseRequest(body);
    const timeMs = this.#node.timeMs();
    const admission = { requestId, session, envelope, body, timeMs };
    let transcript = NOTHING;
    try {
      transcript = await this.#ahead(request, admission);
    } catch (error) {
      if (!(error instanceof Fault) || error.code === "BUSY") throw error;
      // What is refused now may be allowed by the time a hidden copy of the envelope comes again. In the
      // log the failure is final: it uses up the sequence number.
      if (!NEVER_ALLOWED.test(error.code)) {
        return { kind: "entry", requestId, entry: commandEntry(admission, NOTHING) };
      }
      const { contract } = envelope.header;
      const answered = {
        kind: "command",
        requestId,
        session,
        contract,
        ...faulted(error),
      } as const;
      const { height, digest } = replica;
      return { kind: "answer", answered, height, digest };
    }
    // While it waited, the same envelope may have come again and been executed: then that is its answer.
    sessions.check(replica.system, session.id, envelope.header.sequence);
    return { kind: "entry", requestId, entry: commandEntry(admission, transcript) };
  }

  /** Tries a command ahead of its height: what would be refused, and what the outside world answers. */
  async #ahead(request: RequestBody, admission: Admission): Promise<Uint8Array> {
    const { replica } = this.#node;
    const { session, envelope } = admission;
    const { contract } = envelope.header;
    const system = new Overlay(replica.system.snapshot());
    const sender = { account: session.account, contract, height: replica.height + 1 };
    const prepared = this.#preparer.prepare(system, sender, request);
    const { step } = prepared;
    if (step === undefined || !step.module.mayWait) return NOTHING;
    return this.#speculate(step, prepared.contract, system, admission);
  }

  async #speculate(
    { module, mode, call }: Step,
    address: Uint8Array,
    system: Overlay,
    { session, requestId, timeMs }: Admission,
  ): Promise<Uint8Array> {
    const { replica, powers, cluster } = this.#node;
    const { primitives } = powers;
    const recording = recordHttp(primitives.sha256);
    const http = (contract: Uint8Array): LiveHttp =>
      recording.over(this.#node.http.live(toHex(contract)));
    const random = commandRandoms(primitives, cluster, requestId);
    const first = { mode, caller: session.account, address };
    const height = replica.height + 1;
    const { contractSecret } = cluster;
    const state = replica.snapshot();
    const site = { timeMs, height, random, contractSecret, state, system };
    await this.#waiting.run(module, call, first, site, http);
    const transcript = recording.transcript();
    return transcript.length === 0 ? NOTHING : encodeTranscript(transcript);
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

/** A value that no contract made. */
function told(
  value: Uint8Array,
): Pick<Answered, "codeHash" | "outcome" | "gasUsed" | "events" | "logs"> {
  const outcome = { kind: "returned", value } as const;
  return { codeHash: NO_HASH, outcome, gasUsed: 0, events: [], logs: [] };
}

/** A fault before or beside a call's own end. Anything else is a bug and goes on. */
function faulted(
  error: unknown,
): Pick<Answered, "codeHash" | "outcome" | "gasUsed" | "events" | "logs"> {
  if (!(error instanceof Fault)) throw error;
  return { codeHash: NO_HASH, outcome: faultOutcome(error), gasUsed: 0, events: [], logs: [] };
}
