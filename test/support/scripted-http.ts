/**
 * The outside world as a script: answers contracts' requests from a function, when a test lets it.
 *
 * @module
 */
import type { HttpCapability } from "#exec/powers.ts";
import { utf8 } from "#protocol/bytes.ts";
import { Fault } from "#protocol/fault.ts";
import type { HttpRequest, HttpResult } from "#protocol/http.ts";

/** What the outside world says to a request, now or later. */
export type Answer = (request: HttpRequest) => HttpResult | Promise<HttpResult>;

export interface ScriptedHttp extends HttpCapability {
  /** Requests so far, in order. */
  readonly asked: HttpRequest[];
  /** May be exchanged at any time. */
  answer: Answer;
}

export function scriptedHttp(answer: Answer): ScriptedHttp {
  const asked: HttpRequest[] = [];
  const http: ScriptedHttp = {
    asked,
    answer,
    receive: () => undefined,
    live: ({ call }) => ({
      kind: "live",
      fetch: (requests) => {
        asked.push(...requests);
        const answers = Promise.all(requests.map(async (request) => http.answer(request)));
        return new Promise((resolve, reject) => {
          call.cancellation?.on(() => reject(new Fault("CALL_TIMEOUT")));
          answers.then(resolve, reject);
        });
      },
    }),
  };
  return http;
}

/** A plain answer with status 200. */
export function ok(text: string): HttpResult {
  return {
    ok: { status: 200, headers: [{ name: "content-type", value: "text/plain" }], body: utf8(text) },
  };
}
