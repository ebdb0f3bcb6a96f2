/**
 * The worker's HTTP API without a network: what the real client talks to.
 *
 * @module
 */
import { apiPaths, encodeClearFault, encodeSealedBody, parseSealedBody } from "#protocol/api.ts";
import type { Fetch } from "#sdk/client/transport/transport.ts";
import { kitErrors } from "#sdk/testing/errors/kit-error.ts";
import type { Answer, Operator } from "#sdk/testing/operator/operator.ts";

/** Any URL will do: nothing is looked up. */
export const WORLD_URL = "http://world.invalid";
/** The worker process knows no such receipt. */
const RECEIPT_UNKNOWN = 4404;

/** Failures of the kit travel through the client as the index of an error kept here. */
export class WorldApi {
  readonly #operator: Operator;
  readonly #failures: Error[] = [];

  constructor(operator: Operator) {
    this.#operator = operator;
  }

  /** The kit's own error that a client's error stands for. */
  failureOf(error: unknown): Error | undefined {
    const { code, facts, cause } = error as {
      readonly code?: string;
      readonly facts?: Readonly<Record<string, number>>;
      readonly cause?: unknown;
    };
    if (code === `HRM${kitErrors.CALL_ABANDONED}`) return this.#failures[facts?.["failure"] ?? -1];
    return cause instanceof Error ? this.failureOf(cause) : undefined;
  }

  readonly fetch: Fetch = async (url, init) => {
    const path = url.slice(WORLD_URL.length);
    if (path === apiPaths.info) return response(200, this.#operator.info());
    if (path.startsWith(apiPaths.receipt)) {
      const reply = this.#operator.receipt(path.slice(apiPaths.receipt.length));
      return reply === undefined
        ? response(404, encodeClearFault({ number: RECEIPT_UNKNOWN, facts: {} }))
        : response(200, encodeSealedBody(reply));
    }
    // The client sends its body as bytes, always.
    const envelope = parseSealedBody(init.body as Uint8Array);
    return this.#respond(await this.#operator.request(envelope));
  };

  #respond(answer: Answer): Response {
    switch (answer.kind) {
      case "sealed":
        return response(200, encodeSealedBody(answer.bytes));
      case "clear":
        return response(400, encodeClearFault(answer.fault));
      case "failed": {
        const failure = this.#failures.push(answer.error) - 1;
        const number = kitErrors.CALL_ABANDONED;
        return response(400, encodeClearFault({ number, facts: { failure } }));
      }
    }
  }
}

/** The part of a `Response` that the client reads; a real one costs ten times as much. */
function response(status: number, body: Uint8Array): Response {
  let isRead = false;
  const getReader = (): unknown => ({
    read: () => {
      const done = isRead;
      isRead = true;
      return Promise.resolve(done ? { done } : { done, value: body });
    },
    cancel: () => Promise.resolve(),
  });
  return { status, body: { getReader } } as unknown as Response;
}
