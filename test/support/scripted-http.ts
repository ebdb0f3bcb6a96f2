/**
 * The outside world as a script: answers contracts' requests from a function, when a test lets it.
 *
 * @module
 */
import type { HttpCapability } from "#exec/powers.ts";
import { utf8 } from "#protocol/bytes.ts";
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
    live: () => ({
      kind: "live",
      fetch: (requests) => {
        asked.push(...requests);
        return Promise.all(requests.map(async (request) => http.answer(request)));
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
