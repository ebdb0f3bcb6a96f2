/**
 * A worker in memory: the real enclave behind a `fetch` that tests can bend.
 *
 * It answers as the HTTP API does. `intercept` sees every request and may lose it, alter it, answer
 * from memory or answer nonsense: all that an operator can do.
 *
 * @module
 */
import { apiPaths, encodeClearFault, encodeSealedBody, parseSealedBody } from "#protocol/api.ts";
import { encodeInfo } from "#protocol/info.ts";
import { faults, type FaultCode } from "#protocol/faults.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import {
  connect,
  Wallet,
  type AccountClient,
  type ConnectOptions,
  type Network,
} from "#sdk/client/index.ts";
import type { Fetch } from "#sdk/client/transport/transport.ts";
import { Operator, type OperatorOptions } from "#test/support/operator.ts";

export interface Incoming {
  readonly path: string;
  /** The envelope of a POST; empty for a GET. */
  readonly envelope: Uint8Array;
}

/** What an operator does with one request; `next` lets it through. */
export type Intercept = (incoming: Incoming, next: () => Promise<Response>) => Promise<Response>;

const RECEIPT_UNKNOWN = 4404;

export class LocalWorker {
  readonly operator: Operator;
  intercept: Intercept = (_, next) => next();
  /** Every request, in order. */
  readonly seen: Incoming[] = [];

  constructor(options: OperatorOptions = {}) {
    this.operator = new Operator(options).start();
  }

  readonly fetch: Fetch = async (url, init) => {
    const path = new URL(url).pathname;
    // Not `instanceof`: a client in a realm of its own has its own Uint8Array.
    const body = ArrayBuffer.isView(init.body)
      ? new Uint8Array(init.body as Uint8Array)
      : undefined;
    const envelope = body === undefined ? new Uint8Array(0) : parseSealedBody(body);
    const incoming = { path, envelope };
    this.seen.push(incoming);
    const answer = this.intercept(incoming, () => this.serve(incoming));
    return abortable(answer, init.signal ?? undefined);
  };

  /** Answers as an honest worker does. */
  async serve({ path, envelope }: Incoming): Promise<Response> {
    if (path === apiPaths.info) return reply(encodeInfo(this.operator.info()));
    if (path.startsWith(apiPaths.receipt)) {
      const known = this.operator.replies.get(path.slice(apiPaths.receipt.length));
      return known === undefined ? refusal(404, RECEIPT_UNKNOWN) : sealed(known);
    }
    const decision = await this.operator.submit(envelope);
    if (decision.kind === "answered") return sealed(decision.reply);
    return clearFault(decision.kind === "rejected" ? decision.code : "BUSY");
  }

  /** Requests whose path begins so. */
  count(path: string): number {
    return this.seen.filter((each) => each.path.startsWith(path)).length;
  }

  connect(options: ConnectOptions = {}): Promise<Network> {
    return connect("http://worker.test", {
      fetch: this.fetch,
      primitives: nodePrimitives,
      trust: { allowSimulated: true },
      ...options,
    });
  }

  async account(options: ConnectOptions = {}): Promise<AccountClient> {
    return (await this.connect(options)).as(Wallet.generate());
  }
}

export function sealed(bytes: Uint8Array): Response {
  return reply(encodeSealedBody(bytes));
}

export function reply(body: Uint8Array, status = 200): Response {
  return new Response(new Uint8Array(body), { status });
}

/** A fault of the enclave, in the clear. Anybody can write one. */
export function clearFault(code: FaultCode, status = 400): Response {
  return refusal(status, faults[code].number);
}

export function refusal(status: number, number: number): Response {
  return reply(encodeClearFault({ number, facts: {} }), status);
}

/** A broken connection, as fetch reports it. */
export function broken(): Promise<Response> {
  return Promise.reject(new TypeError("fetch failed"));
}

/** Rejects as fetch does when its signal is triggered. */
function abortable(answer: Promise<Response>, signal: AbortSignal | undefined): Promise<Response> {
  if (signal === undefined) return answer;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", abort, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
