/**
 * The HTTP capability of an enclave wired to a real egress in one process, as the pipe would wire them.
 *
 * Every message passes through its byte form, and a test may play the operator on the way.
 *
 * @module
 */
import {
  encodeEgressFromEnclave,
  encodeEgressToEnclave,
  parseEgressFromEnclave,
  parseEgressToEnclave,
  type EgressFromEnclave,
  type EgressToEnclave,
} from "#protocol/egress.ts";
import type { HttpRequest, HttpResult } from "#protocol/http.ts";
import type { Deadlines } from "#platform/http/deadline.ts";
import { createHttp, type Http } from "#platform/http/http.ts";
import { createEgress, type EgressOptions } from "#worker/egress/egress.ts";

export interface HttpFixtureOptions {
  readonly grants?: readonly string[];
  readonly roots?: readonly string[];
  readonly deadlines?: Deadlines;
  readonly egress?: EgressOptions;
  /** The operator: sees and may change, drop or multiply each message. */
  readonly toEnclave?: (message: EgressToEnclave) => readonly EgressToEnclave[];
  readonly fromEnclave?: (message: EgressFromEnclave) => readonly EgressFromEnclave[];
}

export interface HttpFixture extends Disposable {
  readonly http: Http;
  /** All that the worker process was told, in order. */
  readonly seen: readonly EgressFromEnclave[];
  /** One request of a call of its own. */
  fetch(request: Partial<HttpRequest> & { readonly url: string }): Promise<HttpResult>;
}

export const DEADLINES_FOR_TESTS: Deadlines = { totalMs: 1_500, stallMs: 400 };

export function createHttpFixture(options: HttpFixtureOptions = {}): HttpFixture {
  const { toEnclave = (message) => [message], fromEnclave = (message) => [message] } = options;
  const seen: EgressFromEnclave[] = [];
  const worker = createEgress((message) => {
    for (const passed of toEnclave(message)) {
      const bytes = encodeEgressToEnclave(passed);
      setImmediate(() => http.receive(parseEgressToEnclave(bytes)));
    }
  }, options.egress);
  const http = createHttp({
    config: { egressGrants: options.grants ?? [], extraRoots: options.roots ?? [] },
    deadlines: options.deadlines ?? DEADLINES_FOR_TESTS,
    send: (message) => {
      seen.push(message);
      for (const passed of fromEnclave(message)) {
        const bytes = encodeEgressFromEnclave(passed);
        setImmediate(() => worker.receive(parseEgressFromEnclave(bytes)));
      }
    },
  });
  return {
    http,
    seen,
    async fetch(request) {
      const [result] = await http.live("00").fetch([{ method: "GET", headers: [], ...request }]);
      return result as HttpResult;
    },
    [Symbol.dispose]() {
      http.dispose();
      worker.dispose();
    },
  };
}
