/**
 * One mock: which request it answers, with what, how often and when.
 *
 * @module
 */
import type { HttpError, HttpResult } from "#protocol/http.ts";
import type { CallSite } from "#sdk/testing/contract/call-site.ts";
import { kitError } from "#sdk/testing/errors/kit-error.ts";
import { errorOf, resultOf, type MockBody, type MockReply } from "#sdk/testing/http/mock-reply.ts";
import type { MockRequest } from "#sdk/testing/http/mock-request.ts";
import { durationMs, type Duration } from "#sdk/testing/duration.ts";

export type ReplyWith = (request: MockRequest) => MockReply | Promise<MockReply>;

/** Whether a request's URL is meant: the exact text, or a pattern. */
export type UrlMatch = string | RegExp;

export class HttpMock {
  readonly method: string;
  readonly url: UrlMatch;
  /** Where the test made it. */
  readonly site: CallSite;
  /** Requests it has answered or is answering. */
  readonly requests: MockRequest[] = [];
  #answer: ((request: MockRequest) => Promise<HttpResult>) | undefined;
  #times: number | undefined;
  #isOptional = false;
  #delayMs = 0;
  #held: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;
  readonly #arrivals: (() => void)[] = [];

  constructor(method: string, url: UrlMatch, site: CallSite) {
    this.method = method;
    this.url = url;
    this.site = site;
  }

  /**
   * Answers with a response.
   *
   * @param body - Text, bytes, or anything else as JSON.
   * @throws {@link HermeticError} `HTTP_REPLY` for what no server could answer.
   */
  reply(status: number, body: MockBody = "", headers: Readonly<Record<string, string>> = {}): this {
    const result = resultOf({ status, body, headers });
    this.#answer = () => Promise.resolve(result);
    return this;
  }

  /** Answers with what the function returns for the request. */
  replyWith(reply: ReplyWith): this {
    this.#answer = async (request) => resultOf(await reply(request));
    return this;
  }

  /** Gives the contract an error instead of a response, as when a server is down. */
  fail(error: HttpError): this {
    const result = errorOf(error);
    this.#answer = () => Promise.resolve(result);
    return this;
  }

  /** Answers exactly so many requests; then the next mock's turn comes. */
  times(count: number): this {
    this.#times = count;
    return this;
  }

  /** Not being used is no mistake. */
  optional(): this {
    this.#isOptional = true;
    return this;
  }

  /** The answer takes this long by the world's clock, which moves on by it. */
  delay(duration: Duration): this {
    this.#delayMs = durationMs(duration);
    return this;
  }

  /** Lets requests wait until {@link release}, to see what happens meanwhile. */
  hold(): this {
    this.#held ??= Promise.withResolvers<void>();
    return this;
  }

  /** Lets held requests go on, and later ones pass. */
  release(): void {
    this.#held?.resolve();
    this.#held = undefined;
  }

  /** Resolves when the next request arrives, or at once if there was one already. */
  requested(): Promise<void> {
    if (this.requests.length > 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#arrivals.push(resolve);
    });
  }

  get delayMs(): number {
    return this.#delayMs;
  }

  /** Whether it has a limit of its own, reached or not. */
  get isLimited(): boolean {
    return this.#times !== undefined;
  }

  get isSpent(): boolean {
    return this.#times !== undefined && this.requests.length >= this.#times;
  }

  matches({ method, url }: MockRequest): boolean {
    if (this.method !== "*" && this.method !== method) return false;
    return typeof this.url === "string" ? this.url === url : this.url.test(url);
  }

  /** Takes the request and answers it when the test lets it. */
  async answer(request: MockRequest): Promise<HttpResult> {
    this.requests.push(request);
    for (const resolve of this.#arrivals.splice(0)) resolve();
    await this.#held?.promise;
    if (this.#answer === undefined) throw kitError("HTTP_UNANSWERED", this.name);
    return this.#answer(request);
  }

  /** What is missing at the end of a test, or nothing. */
  get complaint(): string | undefined {
    const used = this.requests.length;
    if (this.#isOptional || (this.#times === undefined ? used > 0 : used >= this.#times)) {
      return undefined;
    }
    return used === 0 ? this.name : `${this.name} (${used} of ${this.#times} times)`;
  }

  get name(): string {
    return `${this.method} ${String(this.url)}`;
  }
}
