/**
 * `world.http`: every answer that contracts get from the outside world.
 *
 * @module
 */
import type { CheckedRequest } from "#host/http/checked-request.ts";
import { Grants } from "#host/http/grants.ts";
import { parseTarget } from "#host/http/url.ts";
import type { HttpResult } from "#protocol/http.ts";
import { HTTP_STALL_MS } from "#protocol/limits.ts";
import { callSite, tracedTo } from "#sdk/testing/contract/call-site.ts";
import { kitError } from "#sdk/testing/errors/kit-error.ts";
import type { Clock } from "#sdk/testing/enclave/clock.ts";
import { HttpMock, type UrlMatch } from "#sdk/testing/http/mock.ts";
import { MockRequest } from "#sdk/testing/http/mock-request.ts";
import type { WebOptions } from "#sdk/testing/recording/live-web.ts";
import { HttpRecording, type RecordingOptions } from "#sdk/testing/recording/recording.ts";
import { Scrub } from "#sdk/testing/recording/scrub.ts";

export class HttpMocks {
  /** Every request that contracts made, in order. */
  readonly requests: MockRequest[] = [];
  readonly #grants: Grants;
  readonly #config: WebOptions;
  readonly #clock: Clock;
  /** Secrets of the world's contracts. */
  readonly #scrub = new Scrub();
  readonly #storedSecrets: () => readonly string[];
  #recording: HttpRecording | undefined;
  #mocks: HttpMock[] = [];
  /** Requests without a mock; the call that made one has failed, and so does the test. */
  #unmocked: string[] = [];

  /** @param storedSecrets - Reads the secrets of all contracts that are there. */
  constructor(config: WebOptions, clock: Clock, storedSecrets: () => readonly string[] = () => []) {
    this.#storedSecrets = storedSecrets;
    this.#config = config;
    this.#grants = new Grants(config.egressGrants);
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

  /**
   * Lets a file answer what no mock does: `hermetic test --record` asks the real web and writes it, and from
   * then on it is played back strictly.
   *
   * @param path - Of a JSON file, from the project's directory; it is made to be committed.
   * @throws {@link HermeticError} `HTTP_RECORDING` if there is no such file and none is to be written.
   */
  recording(path: string, options: RecordingOptions = {}): HttpRecording {
    const world = {
      scrub: this.#scrub,
      web: this.#config,
      site: callSite(this.recording),
    };
    const recording = new HttpRecording(path, options, world);
    if (recording.isRecording) this.#scrub.addUnnamed(this.#storedSecrets());
    this.#recording = recording;
    return recording;
  }

  /**
   * Says how secrets are called, so that they stand in recordings as `{secret:NAME}`. The names of those that
   * contracts were deployed with here are known; those of contracts that were there before, in a fork, are stored
   * nowhere, and an exchange that holds one of them is not recorded.
   *
   * @param secrets - Values by name.
   */
  conceal(secrets: Readonly<Record<string, string>>): void {
    this.#scrub.add(secrets);
  }

  /** Takes the secrets that a contract is deployed with. */
  rememberSecrets(secrets: Readonly<Record<string, string>>): void {
    this.#scrub.add(secrets);
  }

  /** Forgets all mocks, used or not, the recording, and all requests. */
  reset(): void {
    this.#recording = undefined;
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
    if (mock === undefined && this.#recording !== undefined) {
      return this.#recording.answer(checked);
    }
    if (mock === undefined) {
      const name = `${request.method} ${request.url}`;
      this.#unmocked.push(name);
      throw kitError("HTTP_UNMOCKED", name);
    }
    const result = await mock.answer(request);
    const limitMs = Math.min(checked.timeoutMs ?? HTTP_STALL_MS, HTTP_STALL_MS);
    const isStalled = mock.delayMs >= limitMs;
    this.#clock.ms += isStalled ? limitMs : mock.delayMs;
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
    const unplayed = this.#recording?.complaint;
    if (this.#recording !== undefined && unplayed !== undefined) {
      const { path, site } = this.#recording;
      throw tracedTo(site, kitError("HTTP_UNPLAYED", `${path}: ${unplayed}`));
    }
    const unused = this.#mocks.filter((mock) => mock.complaint !== undefined);
    const [first] = unused;
    if (first === undefined) return;
    const error = kitError("HTTP_UNUSED", unused.map((mock) => mock.complaint).join(", "));
    throw tracedTo(first.site, error);
  }
}
