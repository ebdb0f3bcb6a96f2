/**
 * What contracts asked of the real web and were told: taken down once, and played back from then on.
 *
 * Played back strictly: a request that is not in the recording fails the test, and so does an exchange that no
 * contract asked for. Secrets are not in it (`scrub.ts`).
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import type { CheckedRequest } from "#host/http/checked-request.ts";
import type { HttpHeader, HttpResult } from "#protocol/http.ts";
import type { CallSite } from "#sdk/testing/contract/call-site.ts";
import { kitError } from "#sdk/testing/errors/kit-error.ts";
import {
  bodyBytes,
  readExchanges,
  recordedBody,
  writeExchanges,
  type RecordedExchange,
  type RecordedHeaders,
  type RecordedRequest,
} from "#sdk/testing/recording/exchange-file.ts";
import { askWeb, type WebOptions } from "#sdk/testing/recording/live-web.ts";
import type { Scrub } from "#sdk/testing/recording/scrub.ts";
import { RECORD_VARIABLE } from "#sdk/transform/recording.ts";

export interface RecordingOptions {
  /** Ask the web and write the file anew. Left out, `hermetic test --record` decides. */
  readonly record?: boolean;
  /** PEM of certificates to trust besides the usual ones, when the web is asked. */
  readonly extraRoots?: readonly string[];
}

export class HttpRecording {
  readonly path: string;
  /** Where the test attached it. */
  readonly site: CallSite;
  readonly isRecording: boolean;
  readonly #scrub: Scrub;
  readonly #web: WebOptions;
  readonly #exchanges: RecordedExchange[];
  /** Exchanges that are left to play. */
  #left: RecordedExchange[];

  constructor(
    path: string,
    options: RecordingOptions,
    world: {
      readonly scrub: Scrub;
      /** What the world's cluster grants and trusts. */
      readonly web: WebOptions;
      readonly site: CallSite;
    },
  ) {
    const { record = process.env[RECORD_VARIABLE] === "1", extraRoots = [] } = options;
    this.path = path;
    this.site = world.site;
    this.isRecording = record;
    this.#scrub = world.scrub;
    const { egressGrants, extraRoots: ownRoots } = world.web;
    this.#web = { egressGrants, extraRoots: [...ownRoots, ...extraRoots] };
    this.#exchanges = record ? [] : readExchanges(path);
    this.#left = [...this.#exchanges];
  }

  /**
   * Answers a contract's request from the web, or from the file.
   *
   * @throws {@link HermeticError} `HTTP_UNRECORDED` for a request that is not in the file, `HTTP_UNRECORDABLE` for
   *   an exchange that a secret cannot be taken out of.
   */
  async answer(checked: CheckedRequest): Promise<HttpResult> {
    const request = this.#requestOf(checked);
    if (!this.isRecording) return this.#play(request);
    const result = await askWeb(checked, this.#web);
    const exchange = { request, answer: this.#answerOf(result) };
    this.#assertClean(exchange);
    this.#exchanges.push(exchange);
    this.write();
    // What is played back later is what the contract is told now.
    return resultOf(exchange);
  }

  /** How many exchanges were taken down. */
  get count(): number {
    return this.#exchanges.length;
  }

  /** Writes what was taken down, if it is nothing too. */
  write(): void {
    writeExchanges(this.path, this.#exchanges);
  }

  #play(request: RecordedRequest): HttpResult {
    const at = this.#left.findIndex((each) => isDeepStrictEqual(each.request, request));
    const exchange = this.#left[at];
    if (exchange === undefined) {
      throw kitError(
        "HTTP_UNRECORDED",
        `${request.method} ${request.url} (${this.#whyNot(request)})`,
      );
    }
    this.#left = this.#left.toSpliced(at, 1);
    return resultOf(exchange);
  }

  /** What distinguishes a request from the one in the file that is most like it. */
  #whyNot({ method, url, headers }: RecordedRequest): string {
    const like = this.#left.find(
      (each) => each.request.method === method && each.request.url === url,
    );
    if (like === undefined) return "none like it is left";
    const isHead = !isDeepStrictEqual(like.request.headers, headers);
    return isHead ? "its headers are other ones" : "its body is another one";
  }

  /** What no contract asked for, or nothing. */
  get complaint(): string | undefined {
    if (this.isRecording || this.#left.length === 0) return undefined;
    return this.#left.map(({ request }) => `${request.method} ${request.url}`).join(", ");
  }

  #requestOf({ target, method, headers, body }: CheckedRequest): RecordedRequest {
    return {
      method,
      url: this.#scrub.text(`https://${target.authority}${target.path}`),
      headers: this.#headersOf(headers),
      body: recordedBody(this.#scrub.bytes(body ?? new Uint8Array(0))),
    };
  }

  #answerOf(result: HttpResult): RecordedExchange["answer"] {
    if ("error" in result) return { error: result.error };
    const { status, headers, body } = result.ok;
    const clean = recordedBody(this.#scrub.bytes(body));
    return { status, headers: this.#headersOf(headers), body: clean };
  }

  #headersOf(headers: readonly HttpHeader[]): RecordedHeaders {
    return headers.map(({ name, value }) => [name, this.#scrub.text(value)]);
  }

  #assertClean({ request, answer }: RecordedExchange): void {
    const bodies = [request.body, ...("error" in answer ? [] : [answer.body])].map(bodyBytes);
    const heads = JSON.stringify([request, answer]);
    this.#scrub.assertClean(heads, bodies);
  }
}

function resultOf({ answer }: RecordedExchange): HttpResult {
  if ("error" in answer) return answer;
  const headers = answer.headers.map(([name, value]) => ({ name, value }));
  return { ok: { status: answer.status, headers, body: new Uint8Array(bodyBytes(answer.body)) } };
}
