/**
 * One account's calls on one connection: opens its session when needed, and sends, checks and repeats.
 *
 * @module
 */
import { apiPaths, encodeSealedBody, type ClearFault } from "#protocol/api.ts";
import { faults } from "#protocol/faults.ts";
import type { Reply } from "#protocol/reply.ts";
import type { RequestBody } from "#protocol/request.ts";
import type { Connection } from "#sdk/client/call/connection.ts";
import { openSession } from "#sdk/client/call/open-session.ts";
import type { Proof } from "#sdk/client/call/proof.ts";
import type { Session } from "#sdk/client/call/session.ts";
import { verifyReply } from "#sdk/client/call/verify-reply.ts";
import { clientError } from "#sdk/client/errors/client-error.ts";
import { clearFaultError } from "#sdk/client/errors/fault-error.ts";
import { HermeticError } from "#sdk/client/errors/hermetic-error.ts";
import type { Deadline } from "#sdk/client/transport/deadline.ts";
import { deliver, isPassing, sealedIn } from "#sdk/client/transport/deliver.ts";
import type { Answer } from "#sdk/client/transport/transport.ts";
import type { Floor } from "#sdk/client/trust/heads.ts";
import type { AccountSigner } from "#sdk/client/wallet.ts";

export interface Verified {
  readonly reply: Reply;
  readonly proof: Proof;
}

/** A query without an answer for this long is asked again. It covers sixteen slow HTTP requests. */
const QUERY_ATTEMPT_MS = 170_000;
/** A query refused this often for its session or sequence will not fare better. */
const QUERY_REFUSALS_MAX = 3;

/** Faults of a query that a new session or a new sequence number cures. */
const SESSION_GONE: ReadonlySet<number> = new Set([
  faults.SESSION_UNKNOWN.number,
  faults.ENVELOPE_EPOCH.number,
]);
const SEQUENCE_SPENT: ReadonlySet<number> = new Set([
  faults.SESSION_REPLAYED.number,
  faults.SESSION_SEQUENCE_OLD.number,
]);

export class Caller {
  readonly signer: AccountSigner;
  readonly connection: Connection;
  #opening: Promise<Session> | undefined;
  #current: Session | undefined;

  constructor(connection: Connection, signer: AccountSigner) {
    this.connection = connection;
    this.signer = signer;
  }

  /** The session in use, or a new one. Calls at the same time share it. */
  async #session(deadline: Deadline): Promise<Session> {
    deadline.check();
    // Nearly always it is there, and nothing has to be waited for.
    if (this.#current?.stale === false) return this.#current;
    this.#opening ??= this.#open();
    const session = await deadline.limit(this.#opening);
    if (!session.stale) return session;
    this.#drop(session);
    this.#opening ??= this.#open();
    return deadline.limit(this.#opening);
  }

  #open(): Promise<Session> {
    const opening = openSession(this.connection, this.signer);
    opening.then(
      (session) => {
        this.#current = session;
      },
      () => {
        // Whoever waits for it gets the error; the next call tries anew.
        if (this.#opening === opening) this.#opening = undefined;
      },
    );
    return opening;
  }

  /** Forgets a session, unless another has taken its place. */
  #drop(session: Session): void {
    if (this.#current !== session) return;
    this.#current = undefined;
    this.#opening = undefined;
  }

  /**
   * Sends a command and waits until it has been executed, exactly once.
   *
   * @param contracts - Addresses its receipt may name.
   * @throws {@link HermeticError} `OUTCOME_UNKNOWN` if no sealed answer can be had.
   */
  async command(
    contract: Uint8Array,
    contracts: readonly Uint8Array[],
    body: RequestBody,
    deadline: Deadline,
  ): Promise<Verified> {
    const session = await this.#session(deadline);
    const { transport, heads } = this.connection;
    const sequence = await session.commands.take(deadline);
    try {
      const sealed = session.sealCommand(sequence, contract, body);
      const { requestId } = sealed;
      const floor = heads.floor();
      const delivery = { ...sealed, path: apiPaths.command, matters: true };
      const delivered = await deliver(transport, delivery, deadline);
      if (delivered.kind === "refused") return await this.#refused(session, delivered.fault);
      const reply = session.open("command", requestId, delivered.sealed);
      return await this.#verify("command", requestId, contracts, floor, reply);
    } finally {
      session.commands.settle(sequence);
    }
  }

  /**
   * Gives up on a command that was refused in the clear.
   *
   * Anybody can write such a refusal. Were the command sent again in a new session because of it, a
   * worker process that lies could make it run twice.
   */
  async #refused(session: Session, untrustedFault: ClearFault): Promise<never> {
    this.#drop(session);
    await this.#checkCluster(untrustedFault.number);
    const cause = clearFaultError(untrustedFault);
    throw clientError("OUTCOME_UNKNOWN", `the worker process refused it with ${cause.code}`, {
      cause,
    });
  }

  /** A worker that does not know the cluster any more says so by its evidence. */
  async #checkCluster(untrustedFault: number | undefined): Promise<void> {
    if (untrustedFault === faults.ENVELOPE_CLUSTER.number) await this.connection.workers.refresh();
  }

  async #verify(
    kind: "query" | "command",
    requestId: Uint8Array,
    contracts: readonly Uint8Array[],
    floor: Floor,
    reply: Reply,
  ): Promise<Verified> {
    const answered = { kind, requestId, contracts, floor };
    const proof = await verifyReply(this.connection, answered, reply);
    await this.connection.heads.persist();
    return { reply, proof };
  }

  /**
   * Asks a query, again under a new sequence number if the connection or the session fails.
   *
   * @param atLeast - Height that the answer must not be below; asked again until then.
   * @throws {@link HermeticError} `BEHIND` if the worker does not get there in time.
   */
  async query(
    contract: Uint8Array,
    body: RequestBody,
    deadline: Deadline,
    atLeast: number,
  ): Promise<Verified> {
    let refusals = 0;
    let last: HermeticError | undefined;
    for (let attempt = 0; !deadline.passed; attempt++) {
      if (attempt > 0) await deadline.pause(attempt - 1);
      const session = await this.#session(deadline);
      const { envelope, requestId } = session.sealQuery(contract, body);
      const floor = this.connection.heads.floor();
      const untrustedBody = encodeSealedBody(envelope);
      const { transport } = this.connection;
      const answer = await transport.send(
        apiPaths.query,
        untrustedBody,
        deadline,
        QUERY_ATTEMPT_MS,
      );
      if (answer.kind === "ok") {
        const reply = session.open("query", requestId, sealedIn(answer.body));
        const verified = await this.#verify("query", requestId, [contract], floor, reply);
        if (reply.height >= atLeast) return verified;
        last = clientError("BEHIND", undefined, { facts: { height: reply.height, atLeast } });
        continue;
      }
      const number = answer.kind === "refused" ? answer.fault?.number : undefined;
      if (number !== undefined && SESSION_GONE.has(number)) this.#drop(session);
      await this.#checkCluster(number);
      const isSpent =
        number !== undefined && (SEQUENCE_SPENT.has(number) || SESSION_GONE.has(number));
      if (isSpent ? ++refusals > QUERY_REFUSALS_MAX : !isPassing(answer)) throw refusalOf(answer);
      last = refusalOf(answer);
    }
    throw last ?? clientError("TIMED_OUT");
  }
}

function refusalOf(answer: Exclude<Answer, { kind: "ok" }>): HermeticError {
  if (answer.kind === "lost") {
    return clientError("UNREACHABLE", undefined, { cause: answer.cause });
  }
  if (answer.fault !== undefined) return clearFaultError(answer.fault);
  return clientError("NOT_A_WORKER", `it answered with status ${answer.status}`);
}
