/**
 * Answers queries, from the committed state as it is when they come.
 *
 * @module
 */
import { toHex } from "#protocol/bytes.ts";
import type { Envelope } from "#protocol/envelope.ts";
import { SESSIONS_MAX } from "#protocol/limits.ts";
import { parseRequest, type CallBody, type RequestBody } from "#protocol/request.ts";
import { encodeUsage } from "#protocol/usage.ts";
import type { Cancellation } from "#host/http/cancellation.ts";
import type { Session } from "#session/sessions.ts";
import { Window } from "#session/window.ts";
import { outcomeOf } from "#exec/call.ts";
import { Estimator } from "#exec/estimator.ts";
import type { Node } from "#exec/node.ts";
import { requireCode } from "#exec/prepare.ts";
import { SYSTEM_NAMESPACE } from "#exec/replica.ts";
import { NO_HASH } from "#exec/replier.ts";
import { requireOwner, tellOf, type Asker } from "#exec/tell.ts";
import type { Unlogged } from "#exec/unlogged.ts";
import { answerOf, faulted, type Verdict } from "#exec/verdict.ts";

const WINDOWS_MAX = 2 * SESSIONS_MAX;

/** A method that is asked. */
interface Asked {
  readonly contract: Uint8Array;
  readonly codeHash: Uint8Array;
  readonly request: CallBody;
  readonly cancellation: Cancellation | undefined;
}

export class Queries {
  readonly #node: Node;
  readonly #unlogged: Unlogged;
  readonly #estimator: Estimator;
  /** Sequence numbers, per session: kept by this enclave alone, gone at restart. */
  readonly #windows = new Map<string, Window>();

  constructor(node: Node, unlogged: Unlogged) {
    this.#node = node;
    this.#unlogged = unlogged;
    this.#estimator = new Estimator(node, unlogged);
  }

  /**
   * @param cancellation - Ends it while it waits: it then answers `CALL_TIMEOUT`.
   * @throws {@link Fault} `SESSION_…` for a sequence number that was used.
   */
  async answer(
    envelope: Envelope,
    requestId: Uint8Array,
    session: Session,
    body: Uint8Array,
    cancellation?: Cancellation,
  ): Promise<Verdict> {
    this.#window(session.id).use(envelope.header.sequence);
    const request = parseRequest(body);
    const { replica, contracts } = this.#node;
    const { contract } = envelope.header;
    const base = { kind: "query", requestId, session, contract } as const;
    const system = replica.presentSystem;
    const at = { height: replica.height, digest: replica.digest };
    try {
      if (request.op !== "call") {
        const asker = { account: session.account, contract };
        const value = await this.#tell(asker, request, cancellation);
        const outcome = { kind: "returned", value } as const;
        return answerOf({ ...base, ...at, codeHash: NO_HASH, outcome });
      }
      const { codeHash } = contracts.record(system, contract);
      requireCode(codeHash, request);
      const asked = { contract, codeHash, request, cancellation };
      const call = await this.#run(session, asked);
      const { gasUsed, events, logs } = call;
      return answerOf({
        ...base,
        ...at,
        codeHash,
        outcome: outcomeOf(call),
        gasUsed,
        events,
        logs,
      });
    } catch (error) {
      return answerOf({ ...base, ...at, ...faulted(error) });
    }
  }

  /** Answers what no code of the contract answers. */
  async #tell(
    asker: Asker,
    request: RequestBody,
    cancellation: Cancellation | undefined,
  ): Promise<Uint8Array> {
    const system = this.#node.replica.presentSystem;
    switch (request.op) {
      case "estimate":
        return this.#estimator.estimate(asker, request, cancellation);
      case "usage": {
        requireOwner(system, asker);
        return encodeUsage(this.#unlogged.usage.of(asker.contract));
      }
      default:
        return tellOf(system, asker, request);
    }
  }

  #run(session: Session, { contract, codeHash, request, cancellation }: Asked) {
    const { replica, powers, cluster, http, timeMs } = this.#node;
    const facts = {
      timeMs: timeMs(),
      height: replica.height,
      random: () => powers.entropy,
      contractSecret: cluster.contractSecret,
      cluster: cluster.name.cluster,
    };
    return this.#unlogged.run({
      codeHash,
      request,
      first: { mode: "query", caller: session.account, address: contract },
      site: {
        ...facts,
        state: (address) => replica.present(address),
        system: replica.presentSystem,
      },
      still: () => {
        const state = replica.snapshot();
        return { ...facts, state, system: state(SYSTEM_NAMESPACE) };
      },
      http: (caller) => http.live(caller),
      cancellation,
      ended: (chain) => chain.ended(),
    });
  }

  #window(id: Uint8Array): Window {
    const name = toHex(id);
    let window = this.#windows.get(name);
    if (window === undefined) {
      if (this.#windows.size >= WINDOWS_MAX) this.#forgetClosed();
      window = new Window();
      this.#windows.set(name, window);
    }
    return window;
  }

  /** Lets go of the windows of sessions that were dropped; the open ones always fit. */
  #forgetClosed(): void {
    const { sessions, replica } = this.#node;
    for (const name of this.#windows.keys()) {
      if (!sessions.isOpen(replica.presentSystem, Uint8Array.fromHex(name)))
        this.#windows.delete(name);
    }
  }
}
