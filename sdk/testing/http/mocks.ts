/**
 * `world.http`: every answer that contracts get from the outside world.
 *
 * @module
 */
import type { CheckedRequest } from "#host/http/checked-request.ts";
import type { Grants } from "#host/http/grants.ts";
import { parseTarget } from "#host/http/url.ts";
import type { HttpResult } from "#protocol/http.ts";
import { HTTP_STALL_MS } from "#protocol/limits.ts";
import { callSite, tracedTo } from "#sdk/testing/contract/call-site.ts";
import { kitError } from "#sdk/testing/errors/kit-error.ts";
import type { Clock } from "#sdk/testing/enclave/clock.ts";
import { HttpMock, type UrlMatch } from "#sdk/testing/http/mock.ts";
import { MockRequest } from "#sdk/testing/http/mock-request.ts";

export class HttpMocks {
  /** Every request that contracts made, in order. */
  readonly requests: MockRequest[] = [];
  readonly #grants: Grants;
  readonly #clock: Clock;
  #mocks: HttpMock[] = [];
  /** Requests without a mock; the call that made one has failed, and so does the test. */
  #unmocked: string[] = [];

  constructor(grants: Grants, clock: Clock) {
    this.#grants = grants;
    this.#clock = clock;
  }

  /** @param url - Written as the contract writes it, or a pattern. */
  get(url: UrlMatch): HttpMock {
    return this.#add("GET", url, this.get);
  }

  head(url: UrlMatch): HttpMock {
    return this.#add("HEAD", url, this.head);
  }

  post(url: UrlMatch): HttpMock {
    return this.#add("POST", url, this.post);
  }

  put(url: UrlMatch): HttpMock {
    return this.#add("PUT", url, this.put);
  }

  patch(url: UrlMatch): HttpMock {
    return this.#add("PATCH", url, this.patch);
  }

  delete(url: UrlMatch): HttpMock {
    return this.#add("DELETE", url, this.delete);
  }

  /** Any method. */
  any(url: UrlMatch): HttpMock {
    return this.#add("*", url, this.any);
  }

  /** Forgets all mocks, used or not, and all requests. */
  reset(): void {
    for (const mock of this.#mocks) mock.release();
    this.#mocks = [];
    this.#unmocked = [];
    this.requests.length = 0;
  }

  /**
   * Registers a mock. One with `times` takes its turn before those without; of those without, a new
   * one takes the place of an older one for the same request.
   *
   * @throws {@link HermeticError} `HTTP_URL` for a URL that no contract can reach.
   */
  #add(method: string, url: UrlMatch, entry: (url: UrlMatch) => HttpMock): HttpMock {
    const normal = typeof url === "string" ? this.#normal(url) : url;
    const mock = new HttpMock(method, normal, callSite(entry));
    this.#mocks = this.#mocks.filter(
      (old) => old.name !== mock.name || old.isLimited || old.requests.length > 0,
    );
    this.#mocks.push(mock);
    return mock;
  }

  #normal(url: string): string {
    const target = parseTarget(url);
    if (target === undefined)
      throw kitError("HTTP_URL", `${url} is not an https URL in plain form`);
    if (!this.#grants.mayReach(target)) {
      throw kitError("HTTP_URL", `${url} is not on port 443 and not granted`);
    }
    return `https://${target.authority}${target.path}`;
  }

  /**
   * Answers a contract's request.
   *
   * @throws {@link HermeticError} `HTTP_UNMOCKED` or `HTTP_UNANSWERED`: the test is wrong.
   */
  async answer(checked: CheckedRequest): Promise<HttpResult> {
    const { target } = checked;
    if (target.address !== undefined && !this.#grants.allows(target, target.address)) {
      return { error: "denied" };
    }
    const request = new MockRequest(checked);
    this.requests.push(request);
    const mock = this.#find(request);
    if (mock === undefined) {
      const name = `${request.method} ${request.url}`;
      this.#unmocked.push(name);
      throw kitError("HTTP_UNMOCKED", name);
    }
    const result = await mock.answer(request);
    const isStalled = mock.delayMs >= HTTP_STALL_MS;
    this.#clock.ms += isStalled ? HTTP_STALL_MS : mock.delayMs;
    return isStalled ? { error: "timeout" } : result;
  }

  #find(request: MockRequest): HttpMock | undefined {
    const open = this.#mocks.filter((mock) => !mock.isSpent && mock.matches(request));
    return open.find((mock) => mock.isLimited) ?? open.at(-1);
  }

  /** @throws {@link HermeticError} `HTTP_UNMOCKED` or `HTTP_UNUSED` if the test and the contracts differ. */
  verify(): void {
    const [unmocked] = this.#unmocked.splice(0);
    if (unmocked !== undefined) throw kitError("HTTP_UNMOCKED", unmocked);
    const unused = this.#mocks.filter((mock) => mock.complaint !== undefined);
    const [first] = unused;
    if (first === undefined) return;
    const error = kitError("HTTP_UNUSED", unused.map((mock) => mock.complaint).join(", "));
    throw tracedTo(first.site, error);
  }
}
