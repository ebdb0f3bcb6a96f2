/**
 * Live HTTP for one call: quota, policy, a few requests at a time, results in the order asked.
 *
 * @module
 */
import type { HttpResult } from "#protocol/http.ts";
import { HTTP_HELD_BYTES_MAX, HTTP_PARALLEL_MAX } from "#protocol/limits.ts";
import { checkRequest, type CheckedRequest } from "./checked-request.ts";
import type { Grants } from "./grants.ts";
import { HeldResults } from "./held.ts";
import type { LiveHttp } from "./power.ts";
import { RequestQuota } from "./quota.ts";
import { bytesOf } from "./record.ts";

/** Makes one checked request; failures of the network are results, never exceptions. */
export type FetchOne = (request: CheckedRequest) => Promise<HttpResult>;

/** @param held - Shared by all calls of one enclave. */
export function liveHttp(
  fetchOne: FetchOne,
  grants: Grants,
  held: HeldResults = new HeldResults(HTTP_HELD_BYTES_MAX),
): LiveHttp {
  const quota = new RequestQuota();
  return {
    kind: "live",
    async fetch(requests) {
      quota.charge(requests.length);
      let own = 0;
      try {
        return await inOrder(requests, HTTP_PARALLEL_MAX, async (request): Promise<HttpResult> => {
          const checked = checkRequest(request, grants);
          if (typeof checked === "string") return { error: checked };
          const result = await fetchOne(checked);
          const bytes = bytesOf(result);
          if (!held.take(bytes)) return { error: "too-large" };
          own += bytes;
          return result;
        });
      } finally {
        held.release(own);
      }
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
