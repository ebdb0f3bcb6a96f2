/**
 * Live HTTP for one call: quota, policy, a few requests at a time, results in the order asked.
 *
 * @module
 */
import type { HttpResult } from "#protocol/http.ts";
import { HTTP_PARALLEL_MAX } from "#protocol/limits.ts";
import { checkRequest, type CheckedRequest } from "./checked-request.ts";
import type { Grants } from "./grants.ts";
import type { LiveHttp } from "./power.ts";
import { RequestQuota } from "./quota.ts";

/** Makes one checked request; failures of the network are results, never exceptions. */
export type FetchOne = (request: CheckedRequest) => Promise<HttpResult>;

export function liveHttp(fetchOne: FetchOne, grants: Grants): LiveHttp {
  const quota = new RequestQuota();
  return {
    kind: "live",
    async fetch(requests) {
      quota.charge(requests.length);
      return inOrder(requests, HTTP_PARALLEL_MAX, async (request) => {
        const checked = checkRequest(request, grants);
        return typeof checked === "string" ? { error: checked } : fetchOne(checked);
      });
    },
  };
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
