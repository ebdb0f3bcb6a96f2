/**
 * Live HTTP for one call: quota, policy, a few requests at a time, results in the order asked.
 *
 * @module
 */
import type { HttpRefusal, HttpRequest, HttpResult } from "#protocol/http.ts";
import { HTTP_CALL_MS, HTTP_PARALLEL_MAX } from "#protocol/limits.ts";
import { checkRequest, type CheckedRequest } from "./checked-request.ts";
import type { Grants } from "./grants.ts";
import type { HeldResults } from "./held.ts";
import type { HttpCaller, LiveHttp } from "./power.ts";
import { RequestQuota } from "./quota.ts";
import type { Rates } from "./rates.ts";
import { bytesOf } from "./record.ts";
import { redirected } from "./redirect.ts";
import { conceal, reveal } from "./secret-reference.ts";

/**
 * Makes one checked request; failures of the network are results, never exceptions.
 *
 * @param leftMs - Time that it may take at most.
 */
export type FetchOne = (
  request: CheckedRequest,
  caller: HttpCaller,
  leftMs: number,
) => Promise<HttpResult>;

/** What all calls of one enclave share. */
export interface LiveSite {
  readonly fetchOne: FetchOne;
  /** What the cluster allows. */
  readonly cluster: Grants;
  readonly rates: Rates;
  readonly held: HeldResults;
  /** Milliseconds that a request may take with all redirects. */
  readonly requestMs: number;
  /** Milliseconds since any moment. */
  readonly nowMs: () => number;
}

export function liveHttp(site: LiveSite, caller: HttpCaller): LiveHttp {
  const quota = new RequestQuota();
  return {
    kind: "live",
    async fetch(requests) {
      quota.charge(requests.length);
      const { cancellation } = caller.call;
      let own = 0;
      try {
        const results = await inOrder(
          requests,
          HTTP_PARALLEL_MAX,
          async (request): Promise<HttpResult> => {
            const result = await ask(site, caller, request);
            const bytes = bytesOf(result);
            if (!site.held.take(bytes)) return { error: "too-large" };
            own += bytes;
            return result;
          },
        );
        cancellation?.assertWanted();
        return results;
      } finally {
        site.held.release(own);
      }
    },
  };
}

/** One request with the redirects that it meets: each is checked as if the contract had made it. */
async function ask(
  { fetchOne, cluster, rates, requestMs, nowMs }: LiveSite,
  caller: HttpCaller,
  request: HttpRequest,
): Promise<HttpResult> {
  const beganMs = nowMs();
  caller.call.beganMs ??= beganMs;
  let endMs = caller.call.beganMs + HTTP_CALL_MS;
  const secrets: string[] = [];
  let next: HttpRequest = request;
  for (let hop = 0; ; hop++) {
    const checked = checkRequest(next, cluster, caller.grants);
    if ("error" in checked) return hop === 0 ? checked : REDIRECT_DENIED;
    // What the contract says of the first request holds for all that it leads to.
    if (hop === 0)
      endMs = Math.min(endMs, beganMs + Math.min(requestMs, checked.timeoutMs ?? requestMs));
    const isUnwanted = caller.call.cancellation?.isOver === true;
    if (isUnwanted || nowMs() >= endMs) return { error: "timeout" };
    if (!rates.take(caller.contract, checked.grant)) return { error: "denied", detail: "rate" };
    const revealed = reveal(checked.headers, caller.secrets);
    if (revealed === undefined) return { error: "denied", detail: "secret" };
    secrets.push(...revealed.secrets);
    const sent = { ...checked, headers: revealed.headers };
    const result = fitting(await fetchOne(sent, caller, endMs - nowMs()), checked);
    const following = redirected(next, checked, result, hop);
    if (following === undefined) return conceal(result, secrets);
    if ("error" in following) return following;
    next = following;
  }
}

const REDIRECT_DENIED: HttpRefusal = { error: "denied", detail: "redirect" };

/** A body may be no larger than the contract has declared. */
function fitting(result: HttpResult, { grant }: CheckedRequest): HttpResult {
  if ("error" in result || result.ok.body.length <= grant.responseBytes) return result;
  return { error: "too-large", detail: "size" };
}

/** Runs a job per item, at most `parallelMax` at a time; results are in the order of the items. */
async function inOrder<Item, Result>(
  items: readonly Item[],
  parallelMax: number,
  job: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await job(item);
  };
  await Promise.all(Array.from({ length: parallelMax }, lane));
  return results;
}
