/**
 * Goal: requests are bounded, made once, and share nothing between calls and contracts.
 *
 * @module
 */
import { describe, expect, it } from "vitest";
import type { HttpRequest } from "#protocol/http.ts";
import {
  HTTP_OPEN_PER_CONTRACT_MAX,
  HTTP_PARALLEL_MAX,
  HTTP_REQUESTS_MAX,
} from "#protocol/limits.ts";
import { createHttpFixture } from "#test/support/http-fixture.ts";
import {
  createServerIdentity,
  startHttpsServer,
  startTlsServer,
} from "#sdk/testing/https/server.ts";
import { callerOf } from "#test/support/http-caller.ts";

const identity = createServerIdentity();
const deadlines = { totalMs: 10_000, stallMs: 10_000 };
const options = { grants: ["127.0.0.1"], roots: [identity.root], deadlines };

function gets(origin: string, count: number): HttpRequest[] {
  return Array.from({ length: count }, (_, i) => ({
    method: "GET",
    url: `${origin}/${i}`,
    headers: [],
  }));
}

describe("E66 many requests", () => {
  it("opens five at once for one call and keeps their order", async () => {
    let open = 0;
    let most = 0;
    const full = Promise.withResolvers<void>();
    await using server = await startHttpsServer((request, response) => {
      most = Math.max(most, ++open);
      if (open === HTTP_PARALLEL_MAX) full.resolve();
      void full.promise.then(() => {
        open--;
        response.end(request.url);
      });
    }, identity);
    using fixture = createHttpFixture(options);
    const results = await fixture.http
      .live(callerOf())
      .fetch(gets(server.origin, HTTP_REQUESTS_MAX));
    const bodies = results.map((result) =>
      "ok" in result ? Buffer.from(result.ok.body).toString() : result.error,
    );
    expect(bodies).toEqual(gets("", HTTP_REQUESTS_MAX).map(({ url }) => url));
    expect(most).toBe(HTTP_PARALLEL_MAX);
  });

  it("faults on 10,000 in one fetch and in a loop of fetches", async () => {
    using fixture = createHttpFixture();
    const http = fixture.http.live(callerOf());
    await expect(http.fetch(gets("https://127.0.0.1", 10_000))).rejects.toThrow("HTTP_LIMIT");
    expect(fixture.seen).toEqual([]);
    const loop = async (): Promise<void> => {
      for (;;) await http.fetch(gets("https://127.0.0.1", 1));
    };
    await expect(loop()).rejects.toThrow("HTTP_LIMIT");
  });

  it("holds one contract to its share, over all its calls, while another passes", async () => {
    let release = (): void => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let slow = 0;
    await using server = await startHttpsServer((request, response) => {
      if (request.url === "/quick") return response.end("quick");
      slow++;
      return void released.then(() => response.end("slow"));
    }, identity);
    using fixture = createHttpFixture(options);
    const share = Math.ceil(HTTP_OPEN_PER_CONTRACT_MAX / HTTP_PARALLEL_MAX) + 2;
    const calls = Array.from({ length: share }, () =>
      fixture.http.live(callerOf({ contract: "aa" })).fetch(gets(server.origin, HTTP_PARALLEL_MAX)),
    );
    while (slow < HTTP_OPEN_PER_CONTRACT_MAX)
      await new Promise((resolve) => setTimeout(resolve, 5));
    const [quick] = await fixture.http
      .live(callerOf({ contract: "bb" }))
      .fetch([{ method: "GET", url: `${server.origin}/quick`, headers: [] }]);
    expect(quick).toMatchObject({ ok: { status: 200 } });
    expect(slow).toBe(HTTP_OPEN_PER_CONTRACT_MAX);
    release();
    const results = (await Promise.all(calls)).flat();
    expect(results.every((result) => "ok" in result)).toBe(true);
  });
});

describe("E67 nothing is shared", () => {
  it("keeps no cookie and no TLS session, and one connection for one contract and origin alone", async () => {
    const seen: unknown[] = [];
    let resumed = 0;
    await using server = await startHttpsServer((request, response) => {
      const { socket } = request;
      if ("isSessionReused" in socket && (socket.isSessionReused as () => boolean)()) resumed++;
      seen.push(request.headers.cookie);
      response.setHeader("set-cookie", "session=secret");
      response.setHeader("cache-control", "max-age=1000");
      response.end();
    }, identity);
    using fixture = createHttpFixture(options);
    for (const contract of ["aa", "aa", "bb", "aa", "bb"]) {
      await fixture.fetch({ url: server.origin }, { contract });
    }
    expect(seen).toEqual(Array.from({ length: 5 }, () => undefined));
    expect([server.connections(), resumed]).toEqual([2, 0]);
  });
});

describe("E68 secrets in errors", () => {
  it("gives the contract one of seven words and tells the worker process no more than host and port", async () => {
    const canary = "canary-8c1f";
    await using server = await startTlsServer(
      (socket) => void socket.once("data", () => socket.end(canary)),
      identity,
    );
    using fixture = createHttpFixture(options);
    const headers = [{ name: "authorization", value: canary }];
    const result = await fixture.fetch({ url: `${server.origin}/${canary}`, headers });
    expect(result).toEqual({ error: "protocol" });
    const told = fixture.seen.map((message) =>
      message.kind === "egress-data"
        ? Buffer.from(message.bytes).toString("latin1")
        : JSON.stringify(message),
    );
    expect(told.join("\n")).not.toContain(canary);
  });
});

describe("E69 at most once", () => {
  it("never sends a request again, however it fails", async () => {
    for (const answer of [
      "",
      "HTTP/1.1 503 Busy\r\nretry-after: 0\r\ncontent-length: 0\r\n\r\n",
      "HTTP/1.1 408 Slow\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
      "x",
    ]) {
      let requests = 0;
      await using server = await startTlsServer((socket) => {
        socket.once("data", () => {
          requests++;
          socket.end(answer);
        });
      }, identity);
      using fixture = createHttpFixture(options);
      await fixture.fetch({ url: server.origin, method: "POST", body: Buffer.from("pay") });
      expect([requests, server.connections()]).toEqual([1, 1]);
    }
  });
});
