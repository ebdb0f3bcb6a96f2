/**
 * An ordinary peer: what contracts ask of nginx, as Debian packages it, in TLS 1.2 and 1.3.
 *
 * Where nginx is not installed this is skipped; in CI, which installs it, that is a failure.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { HttpHeader, HttpRequest, HttpResponse } from "#protocol/http.ts";
import { HTTP_REQUEST_BODY_BYTES_MAX, HTTP_RESPONSE_BODY_BYTES_MAX } from "#protocol/limits.ts";
import { callerOf } from "#test/support/http-caller.ts";
import { createHttpFixture } from "#test/support/http-fixture.ts";
import {
  nginxVersion,
  protocols,
  startNginx,
  type Logged,
  type Nginx,
} from "#test/support/nginx.ts";
import { createServerIdentity } from "#sdk/testing/https/server.ts";

const isThere = nginxVersion() !== undefined;
const inCi = process.env["CI"] === "true";
/** It must not be the clock that fails a request, however busy the machine is. */
const deadlines = { totalMs: 60_000, stallMs: 60_000 };

describe("nginx", () => {
  it("is installed", ({ skip }) => {
    if (!isThere && !inCi) skip("nginx is not installed: apt-get install nginx-light");
    expect(isThere).toBe(true);
  });
});

describe.runIf(isThere).each(protocols)("nginx in %s", (protocol) => {
  const identity = createServerIdentity();
  const large = randomBytes(HTTP_RESPONSE_BODY_BYTES_MAX);
  const text = "confidential contracts speak to the world. ".repeat(2_000);
  let nginx: Nginx;
  let origin: string;

  beforeAll(async () => {
    nginx = await startNginx(identity);
    origin = nginx.origin(protocol);
    nginx.file("hello.txt", "hello");
    nginx.file("kept.txt", "kept");
    nginx.file("text.txt", text);
    nginx.file("large.bin", large);
    nginx.file("larger.bin", Buffer.alloc(HTTP_RESPONSE_BODY_BYTES_MAX + 1));
    nginx.file("empty", "");
  });
  afterAll(() => nginx[Symbol.asyncDispose]());

  async function ask(path: string, request: Partial<HttpRequest> = {}): Promise<HttpResponse> {
    using fixture = createHttpFixture({ grants: ["127.0.0.1"], roots: [identity.root], deadlines });
    const result = await fixture.fetch({ url: `${origin}${path}`, ...request });
    if ("error" in result) throw new Error(result.error);
    return result.ok;
  }

  /** What the log says of a path that one test alone asks for: nginx writes a moment after its answer. */
  async function logged(path: string, count: number): Promise<readonly Logged[]> {
    const lines = () => nginx.log().filter(({ request }) => request === `GET ${path}`);
    await vi.waitUntil(() => lines().length >= count, { timeout: 20_000 });
    return lines();
  }

  const header = ({ headers }: HttpResponse, wanted: string): string | undefined =>
    headers.find(({ name }: HttpHeader) => name === wanted)?.value;

  it("serves a file, and the protocol is the one that was asked for", async () => {
    const response = await ask("/hello.txt");
    expect([response.status, Buffer.from(response.body).toString()]).toEqual([200, "hello"]);
    expect(header(response, "server")).toMatch(/^nginx/);
    const [first] = await logged("/hello.txt", 1);
    expect(first).toMatchObject({ protocol, status: 200 });
  });

  it("compresses by gzip, in chunks", async () => {
    const response = await ask("/text.txt");
    expect(Buffer.from(response.body).toString()).toBe(text);
    // Nginx weakens the tag of what it compresses as it goes.
    expect(header(response, "etag")).toMatch(/^W\//);
  });

  it("serves the largest body, and one byte more is too much", async () => {
    expect(large.equals((await ask("/large.bin")).body)).toBe(true);
    await expect(ask("/larger.bin")).rejects.toThrow("too-large");
  });

  it("takes the largest request, and has it as it was sent", async () => {
    const body = randomBytes(HTTP_REQUEST_BODY_BYTES_MAX);
    expect((await ask("/put.bin", { method: "PUT", body })).status).toBe(201);
    expect(body.equals((await ask("/put.bin")).body)).toBe(true);
    expect((await ask("/put.bin", { method: "DELETE" })).status).toBe(204);
  });

  it("answers without a body: HEAD, 304, an empty file", async () => {
    const head = await ask("/large.bin", { method: "HEAD" });
    expect([head.status, head.body.length]).toEqual([200, 0]);
    const tag = header(await ask("/hello.txt"), "etag") ?? "";
    const headers = [{ name: "if-none-match", value: tag }];
    expect((await ask("/hello.txt", { headers })).status).toBe(304);
    expect((await ask("/empty")).body.length).toBe(0);
  });

  it("answers what the contract has to decide about: 404, 301, 503", async () => {
    expect((await ask("/nothing")).status).toBe(404);
    const moved = await ask("/moved");
    expect([moved.status, header(moved, "location")]).toEqual([301, `${origin}/hello.txt`]);
    expect(header(await ask("/busy"), "retry-after")).toBe("1");
  });

  it("keeps a connection for one contract, and gives another contract its own", async () => {
    using fixture = createHttpFixture({ grants: ["127.0.0.1"], roots: [identity.root], deadlines });
    const bare = { method: "GET", url: `${origin}/kept.txt`, headers: [] };
    const contracts = ["aa", "aa", "bb", "aa"];
    for (const contract of contracts) {
      const [result] = await fixture.http.live(callerOf({ contract })).fetch([bare]);
      expect(result).toMatchObject({ ok: { status: 200 } });
    }
    const lines = await logged("/kept.txt", contracts.length);
    const serials = lines.map(({ connection }) => connection);
    const [first, , other] = serials;
    expect(serials).toEqual([first, first, other, first]);
    expect(other).not.toBe(first);
  });

  it("refuses a request that is no request", async () => {
    const headers = [{ name: "x-long", value: "v".repeat(8_000) }];
    expect((await ask("/hello.txt", { headers })).status).toBe(200);
    const many = Array.from({ length: 10 }, (_, i) => ({
      name: `x-${i}`,
      value: "v".repeat(8_000),
    }));
    expect((await ask("/hello.txt", { headers: many })).status).toBe(400);
  });
});
