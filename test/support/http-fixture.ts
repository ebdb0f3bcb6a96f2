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
import type { HttpCaller } from "#host/http/power.ts";
import type { Deadlines } from "#platform/http/deadline.ts";
import { createHttp, type Http } from "#platform/http/http.ts";
import { callerOf } from "#test/support/http-caller.ts";
import { createEgress, type EgressOptions } from "#worker/egress/egress.ts";

export interface HttpFixtureOptions {
  readonly grants?: readonly string[];
  readonly roots?: readonly string[];
  readonly deadlines?: Deadlines;
  readonly egress?: EgressOptions;
  /** What the worker process claims names resolve to; names that are not here are really looked up. */
  readonly names?: Readonly<Record<string, readonly string[]>>;
  /** The operator: sees and may change, drop or multiply each message. */
  readonly toEnclave?: (message: EgressToEnclave) => readonly EgressToEnclave[];
  readonly fromEnclave?: (message: EgressFromEnclave) => readonly EgressFromEnclave[];
}

export interface HttpFixture extends Disposable {
  readonly http: Http;
  /** All that the worker process was told, in order. */
  readonly seen: readonly EgressFromEnclave[];
  /** One request of a call of its own, of a contract that may ask for everything unless the test says otherwise. */
  fetch(
    request: Partial<HttpRequest> & { readonly url: string },
    caller?: Partial<HttpCaller>,
  ): Promise<HttpResult>;
}

/** Long enough for a busy machine; tests of deadlines have their own. */
const DEADLINES: Deadlines = { totalMs: 60_000, stallMs: 30_000 };

export function createHttpFixture(options: HttpFixtureOptions = {}): HttpFixture {
  const { toEnclave = (message) => [message], fromEnclave = (message) => [message] } = options;
  const { names = {} } = options;
  const seen: EgressFromEnclave[] = [];
  const tell = (message: EgressToEnclave): void => {
    for (const passed of toEnclave(message)) {
      const bytes = encodeEgressToEnclave(passed);
      setImmediate(() => http.receive(parseEgressToEnclave(bytes)));
    }
  };
  const worker = createEgress(tell, options.egress);
  const order = (message: EgressFromEnclave): void => {
    const addresses = message.kind === "egress-resolve" ? names[message.host] : undefined;
    if (addresses !== undefined)
      return tell({ kind: "egress-resolved", id: message.id, addresses });
    const bytes = encodeEgressFromEnclave(message);
    setImmediate(() => worker.receive(parseEgressFromEnclave(bytes)));
  };
  const http = createHttp({
    config: { egressGrants: options.grants ?? [], extraRoots: options.roots ?? [] },
    deadlines: options.deadlines ?? DEADLINES,
    send: (message) => {
      seen.push(message);
      for (const passed of fromEnclave(message)) order(passed);
    },
  });
  return {
    http,
    seen,
    async fetch(request, caller) {
      const live = http.live(callerOf(caller));
      const [result] = await live.fetch([{ method: "GET", headers: [], ...request }]);
      return result as HttpResult;
    },
    [Symbol.dispose]() {
      http.dispose();
      worker.dispose();
    },
  };
}
