import { describe, expect, it } from "vitest";
import { Cancellation } from "#host/http/cancellation.ts";
import { liveHttp, type FetchOne } from "#host/http/live.ts";
import type { HttpCaller, LiveHttp } from "#host/http/power.ts";
import { Fault } from "#protocol/fault.ts";
import type { HttpRequest, HttpResult } from "#protocol/http.ts";
import { HTTP_PARALLEL_MAX, HTTP_REQUESTS_MAX, HTTP_TIMEOUT_MS } from "#protocol/limits.ts";
import { callerOf, everything, siteOf } from "#test/support/http-caller.ts";

function requests(count: number, url = "https://a.b"): HttpRequest[] {
  return Array.from({ length: count }, (_, i) => ({
    method: "GET",
    url: `${url}/${i}`,
    headers: [],
  }));
}

function limit(value: string) {
  return { name: "hermetic-timeout", value };
}

function answer(text: string): HttpResult {
  return { ok: { status: 200, headers: [], body: Buffer.from(text) } };
}

function live(fetchOne: FetchOne, caller: Partial<HttpCaller> = {}): LiveHttp {
  return liveHttp(siteOf(fetchOne), callerOf(caller));
}

describe("liveHttp()", () => {
  it("keeps the order of the requests, whatever order answers come in", async () => {
    const http = live(async ({ target }) => {
      const turn = Number(target.path.slice(1));
      for (let i = turn; i < 20; i++) await Promise.resolve();
      return answer(target.path);
    });
    const expected = requests(HTTP_REQUESTS_MAX).map((_, i) => answer(`/${i}`));
    expect(await http.fetch(requests(HTTP_REQUESTS_MAX))).toEqual(expected);
  });

  it("opens five at once and no more", async () => {
    let open = 0;
    let most = 0;
    const http = live(async () => {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setTimeout(resolve, 1));
      open--;
      return answer("");
    });
    await http.fetch(requests(HTTP_REQUESTS_MAX));
    expect(most).toBe(HTTP_PARALLEL_MAX);
  });

  it("answers refused requests in place and makes the others", async () => {
    const http = live(() => Promise.resolve(answer("ok")));
    const [bad] = requests(1, "http://a.b");
    const [good] = requests(1);
    const denied = { error: "denied", detail: "url" };
    const results = await http.fetch([bad, good, bad] as HttpRequest[]);
    expect(results).toEqual([denied, answer("ok"), denied]);
  });

  it("counts requests over all fetches of a call", async () => {
    const http = live(() => Promise.resolve(answer("")));
    await http.fetch(requests(HTTP_REQUESTS_MAX - 1));
    const limit = HTTP_REQUESTS_MAX;
    await expect(http.fetch(requests(2))).rejects.toEqual(
      new Fault("HTTP_LIMIT", { requests: limit + 1, limit }),
    );
    await http.fetch(requests(1));
    await expect(http.fetch(requests(1))).rejects.toThrow("HTTP_LIMIT");
  });

  it("gives all requests of a call so much time together, whichever contract makes them", async () => {
    let ms = 1_000;
    const left: number[] = [];
    const fetchOne: FetchOne = (_request, _caller, leftMs) => {
      left.push(leftMs);
      ms += HTTP_TIMEOUT_MS - 1_000;
      return Promise.resolve(answer(""));
    };
    const site = siteOf(fetchOne, { nowMs: () => ms });
    const call = {};
    const results: HttpResult[] = [];
    for (let contract = 0; contract < 6; contract++) {
      const http = liveHttp(site, callerOf({ contract: `${contract}`, call }));
      results.push(...(await http.fetch(requests(1))));
    }
    expect(left).toEqual([10_000, 10_000, 10_000, 10_000, 9_000]);
    expect(results.at(-2)).toHaveProperty("ok");
    expect(results.at(-1)).toEqual({ error: "timeout" });
    expect(await liveHttp(site, callerOf({ call: {} })).fetch(requests(1))).toEqual([answer("")]);
  });

  it("gives a request the time that the contract names, and no more for its redirects", async () => {
    let ms = 0;
    const left: number[] = [];
    const fetchOne: FetchOne = (_request, _caller, leftMs) => {
      left.push(leftMs);
      ms += 400;
      const headers = [{ name: "location", value: "/next" }];
      return Promise.resolve({ ok: { status: 302, headers, body: new Uint8Array(0) } });
    };
    const site = siteOf(fetchOne, { nowMs: () => ms });
    const grants = [{ ...everything, redirects: "same-origin" }] as const;
    const ask = (value: string) => {
      const request = { method: "GET", url: "https://a.b/", headers: [limit(value)] };
      return liveHttp(site, callerOf({ grants })).fetch([request]);
    };
    expect(await ask("1000")).toEqual([{ error: "timeout" }]);
    expect(left.splice(0)).toEqual([1_000, 600, 200]);
    expect(await ask("0")).toEqual([{ error: "timeout" }]);
    expect(left).toEqual([]);
    await ask("99999999");
    expect(left[0]).toBe(HTTP_TIMEOUT_MS);
  });

  it("ends with its call: what is asked is given up, and nothing more is asked", async () => {
    const cancellation = new Cancellation();
    let begun = 0;
    const http = live(
      (_request, { call }) => {
        begun++;
        return new Promise((resolve) => {
          call.cancellation?.on(() => resolve({ error: "timeout" }));
          if (begun === HTTP_PARALLEL_MAX) cancellation.end();
        });
      },
      { call: { cancellation } },
    );
    await expect(http.fetch(requests(HTTP_REQUESTS_MAX - 1))).rejects.toThrow("CALL_TIMEOUT");
    await expect(http.fetch(requests(1))).rejects.toThrow("CALL_TIMEOUT");
    expect(begun).toBe(HTTP_PARALLEL_MAX);
  });

  it("counts a fetch without requests as one, so that a transcript stays bounded", async () => {
    const http = live(() => Promise.resolve(answer("")));
    for (let i = 0; i < HTTP_REQUESTS_MAX; i++) expect(await http.fetch([])).toEqual([]);
    await expect(http.fetch([])).rejects.toThrow("HTTP_LIMIT");
  });
});
