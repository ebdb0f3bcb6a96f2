/**
 * Goal: a contract asks what its code declares and nothing else, a server does not choose whom it asks next,
 * and a secret that is only referred to shows up nowhere but at the server it is meant for.
 * Method: the whole client over a real egress; what counts is what servers were sent.
 *
 * @module
 */
import { createHash, X509Certificate } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { secretReference } from "#host/http/secret-reference.ts";
import type { HttpCaller } from "#host/http/power.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import type { HttpResult } from "#protocol/http.ts";
import { HTTP_REDIRECTS_MAX } from "#protocol/limits.ts";
import { createServerIdentity, startHttpsServer } from "#sdk/testing/https/server.ts";
import { everything, grantOf } from "#test/support/http-caller.ts";
import { createHttpFixture } from "#test/support/http-fixture.ts";

const identity = createServerIdentity();
const options = { grants: ["127.0.0.1", "localhost"], roots: [identity.root] };
const SECRET = "canary-0a1b2c3d4e5f";

/** A contract with one secret, `KEY`. */
function keeper(value: string = SECRET, seed = 1): HttpCaller["secrets"] {
  const own = new Uint8Array(32).fill(seed);
  return {
    value: (name) => (name === "KEY" ? value : undefined),
    reference: (name) => secretReference(nodePrimitives, own, name),
  };
}

interface Seen {
  readonly line: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A server that keeps what it is sent, and answers by path. */
async function listening(
  answer: (path: string) => { status?: number; location?: string; body?: string },
) {
  const seen: Seen[] = [];
  const server = await startHttpsServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      seen.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
      const { status = 200, location, body: content = "ok" } = answer(request.url ?? "");
      response.writeHead(status, location === undefined ? {} : { location }).end(content);
    });
  }, identity);
  return { server, seen };
}

const bodyOf = (result: HttpResult): string =>
  "ok" in result ? Buffer.from(result.ok.body).toString() : result.error;

describe("55 to 59: what a contract has not declared", () => {
  it("does not leave the enclave, not even as a name", async () => {
    using fixture = createHttpFixture(options);
    const ask = (grants: HttpCaller["grants"]) =>
      fixture.fetch({ url: "https://a.b/" }, { grants });
    expect(await ask([])).toEqual({ error: "denied", detail: "undeclared" });
    expect(await ask([grantOf("https://c.d")])).toEqual({ error: "denied", detail: "origin" });
    expect(await ask([grantOf("https://a.b", { perMinute: 0 })])).toEqual({
      error: "denied",
      detail: "rate",
    });
    expect(fixture.seen).toEqual([]);
  });

  it("is not widened by what the cluster allows, nor the other way round", async () => {
    await using server = await startHttpsServer(
      (_request, response) => response.end("ok"),
      identity,
    );
    using open = createHttpFixture(options);
    using closed = createHttpFixture({ roots: [identity.root] });
    const url = server.origin;
    expect(await open.fetch({ url }, { grants: [grantOf("https://127.0.0.1:1")] })).toMatchObject({
      detail: "origin",
    });
    expect(await closed.fetch({ url }, { grants: [everything] })).toMatchObject({
      detail: "network",
    });
    expect(await open.fetch({ url }, { grants: [grantOf(url)] })).toHaveProperty("ok");
    expect(server.connections()).toBe(1);
  });

  it("61: is a larger answer than declared, cut before it is whole", async () => {
    await using server = await startHttpsServer((_request, response) => {
      response.end("x".repeat(200_000));
    }, identity);
    using fixture = createHttpFixture(options);
    const ask = (responseBytes: number) =>
      fixture.fetch(
        { url: server.origin },
        { grants: [grantOf(server.origin, { responseBytes })] },
      );
    expect(await ask(199_999)).toEqual({ error: "too-large", detail: "size" });
    expect(await ask(10)).toEqual({ error: "too-large", detail: "size" });
    expect(await ask(200_000)).toHaveProperty("ok");
  });
});

describe("58: a redirect", () => {
  const location = (port: number, path: string): string => `https://127.0.0.1:${port}${path}`;
  const follow = (origin: string, redirects: "same-origin" | "granted") =>
    grantOf(origin, {
      redirects,
      methods: ["GET", "POST"],
      headers: ["authorization", "x-api-key"],
    });

  it("is handed to the contract unless it is granted", async () => {
    const { server, seen } = await listening(() => ({ status: 302, location: "/next" }));
    await using _ = server;
    using fixture = createHttpFixture(options);
    const grants = [grantOf(server.origin)];
    expect(await fixture.fetch({ url: server.origin }, { grants })).toMatchObject({
      ok: { status: 302 },
    });
    expect(seen).toHaveLength(1);
  });

  it.each([
    [301, "POST", "GET /next", ""],
    [302, "POST", "GET /next", ""],
    [303, "POST", "GET /next", ""],
    [307, "POST", "POST /next", "pay"],
    [308, "POST", "POST /next", "pay"],
    [307, "GET", "GET /next", ""],
  ])("%s after %s leads to %s at the same origin", async (status, method, line, body) => {
    const { server, seen } = await listening((path) =>
      path === "/next" ? { body: "there" } : { status, location: "/next#part" },
    );
    await using _ = server;
    using fixture = createHttpFixture(options);
    const headers = [{ name: "authorization", value: "x" }];
    const request = { url: server.origin, method, headers };
    const whole = method === "POST" ? { ...request, body: Buffer.from("pay") } : request;
    const grants = [follow(server.origin, "same-origin")];
    expect(bodyOf(await fixture.fetch(whole, { grants }))).toBe("there");
    expect(seen[1]).toMatchObject({ line, body, headers: { authorization: "x" } });
  });

  it("takes no credential and no body to another origin", async () => {
    const other = await listening(() => ({ body: "there" }));
    await using _other = other.server;
    const first = await listening((path) => ({
      status: path === "/keep" ? 307 : 302,
      location: location(other.server.port, "/next"),
    }));
    await using _first = first.server;
    using fixture = createHttpFixture(options);
    const grants = [
      follow(first.server.origin, "granted"),
      follow(other.server.origin, "none" as never),
    ];
    const headers = ["authorization", "x-api-key", "accept"].map((name) => ({
      name,
      value: "x/y",
    }));
    const post = { method: "POST", headers, body: Buffer.from("pay") };
    const url = first.server.origin;
    expect(bodyOf(await fixture.fetch({ url, ...post }, { grants }))).toBe("there");
    expect(other.seen[0]).toMatchObject({
      line: "GET /next",
      body: "",
      headers: { accept: "x/y" },
    });
    expect(other.seen[0]?.headers).not.toHaveProperty("authorization");
    expect(other.seen[0]?.headers).not.toHaveProperty("x-api-key");
    const refused = { error: "denied", detail: "redirect" };
    expect(await fixture.fetch({ url: `${url}/keep`, ...post }, { grants })).toEqual(refused);
    const stay = [follow(url, "same-origin"), follow(other.server.origin, "same-origin")];
    expect(await fixture.fetch({ url }, { grants: stay })).toEqual(refused);
    expect(await fixture.fetch({ url }, { grants: [follow(url, "granted")] })).toEqual(refused);
    expect(other.seen).toHaveLength(1);
  });

  it.each([
    "https://169.254.169.254/latest",
    "https://10.0.0.1/",
    "http://127.0.0.1/",
    "file:///etc/passwd",
    "//169.254.169.254/",
    "https://user:password@a.b/",
    "next",
    "\\\\a.b",
    "",
  ])("to %j leads nowhere, whatever the contract declares", async (target) => {
    const { server } = await listening(() => ({ status: 302, location: target }));
    await using _ = server;
    using fixture = createHttpFixture({ ...options, grants: [`127.0.0.1:${server.port}`] });
    const grants = [{ ...everything, redirects: "granted" as const }];
    const result = await fixture.fetch({ url: server.origin }, { grants });
    expect(result).toMatchObject({ error: "denied" });
    const orders = fixture.seen.filter(({ kind }) => kind === "egress-connect");
    expect(orders).toHaveLength(1);
  });

  it("that goes in circles ends", async () => {
    const { server, seen } = await listening((path) => ({ status: 302, location: `${path}x` }));
    await using _ = server;
    using fixture = createHttpFixture(options);
    const grants = [follow(server.origin, "same-origin")];
    expect(await fixture.fetch({ url: server.origin }, { grants })).toEqual({
      error: "denied",
      detail: "redirect",
    });
    expect(seen).toHaveLength(HTTP_REDIRECTS_MAX + 1);
  });
});

describe("65: pinned keys", () => {
  const pinOf = (pem: string): Uint8Array =>
    createHash("sha256")
      .update(new X509Certificate(pem).publicKey.export({ type: "spki", format: "der" }))
      .digest();

  it("let pass what holds one of them, leaf or authority, and nothing else", async () => {
    await using server = await startHttpsServer(
      (_request, response) => response.end("ok"),
      identity,
    );
    using fixture = createHttpFixture(options);
    const ask = (...pins: Uint8Array[]) =>
      fixture.fetch({ url: server.origin }, { grants: [grantOf(server.origin, { pins })] });
    const stranger = pinOf(createServerIdentity().cert);
    expect(await ask(pinOf(identity.cert))).toHaveProperty("ok");
    expect(await ask(stranger, pinOf(identity.root))).toHaveProperty("ok");
    expect(await ask(stranger)).toEqual({ error: "tls", detail: "pin" });
  });

  it("do not make a wrong name or a strange authority right", async () => {
    const wrong = createServerIdentity({ alternatives: ["other.example"] });
    await using server = await startHttpsServer((_request, response) => response.end("ok"), wrong);
    for (const roots of [[wrong.root], []]) {
      using fixture = createHttpFixture({ ...options, roots });
      const grants = [grantOf(server.origin, { pins: [pinOf(wrong.cert)] })];
      expect(await fixture.fetch({ url: server.origin }, { grants })).toEqual({ error: "tls" });
    }
  });
});

describe("68: a secret that is referred to", () => {
  const secrets = keeper();
  const reference = secrets.reference("KEY");
  const headers = [{ name: "authorization", value: `Bearer ${reference}` }];

  it("reaches its server and comes back to nobody", async () => {
    const { server, seen } = await listening(() => ({
      body: `{"key":"${SECRET}","again":"${SECRET}"}`,
    }));
    await using _ = server;
    using fixture = createHttpFixture(options);
    const result = await fixture.fetch({ url: server.origin, headers }, { secrets });
    expect(seen[0]?.headers.authorization).toBe(`Bearer ${SECRET}`);
    expect(bodyOf(result)).toBe('{"key":"[secret]","again":"[secret]"}');
  });

  it("is not in the target of a redirect that the contract sees", async () => {
    const { server } = await listening(() => ({ status: 302, location: `/login?key=${SECRET}` }));
    await using _ = server;
    using fixture = createHttpFixture(options);
    const result = await fixture.fetch({ url: server.origin, headers }, { secrets });
    expect(JSON.stringify(result)).not.toContain(SECRET);
    expect(result).toMatchObject({
      ok: { headers: expect.arrayContaining([{ name: "location", value: "/login?key=[secret]" }]) },
    });
  });

  it("cannot be referred to by text that somebody else made up", async () => {
    const { server, seen } = await listening(() => ({}));
    await using _ = server;
    using fixture = createHttpFixture(options);
    const others = keeper(SECRET, 2).reference("KEY");
    for (const value of [
      others,
      `{secret:4b4559:${"0".repeat(32)}}`,
      "{secret:KEY}",
      "{secret:4:x}",
    ]) {
      await fixture.fetch({ url: server.origin, headers: [{ name: "x", value }] }, { secrets });
    }
    expect(seen.map((request) => request.headers["x"])).toHaveLength(4);
    expect(JSON.stringify(seen)).not.toContain(SECRET);
  });

  it("that is not set, or would break out of its header, is sent to nobody", async () => {
    using fixture = createHttpFixture(options);
    const ask = (own: HttpCaller["secrets"], name: string) =>
      fixture.fetch(
        { url: "https://127.0.0.1:1/", headers: [{ name: "x", value: own.reference(name) }] },
        { secrets: own },
      );
    const refused = { error: "denied", detail: "secret" };
    expect(await ask(secrets, "OTHER")).toEqual(refused);
    expect(await ask(keeper("a\r\nx-injected: 1"), "KEY")).toEqual(refused);
    expect(await ask(keeper("ü"), "KEY")).toEqual(refused);
    expect(await ask(keeper("x".repeat(8 * 1024)), "KEY")).toEqual(refused);
    expect(fixture.seen).toEqual([]);
  });

  it("does not follow a redirect to another origin", async () => {
    const other = await listening(() => ({}));
    await using _other = other.server;
    const first = await listening(() => ({ status: 302, location: `${other.server.origin}/` }));
    await using _first = first.server;
    using fixture = createHttpFixture(options);
    const grants = [{ ...everything, redirects: "granted" as const }];
    const common = [{ name: "accept", value: reference }];
    await fixture.fetch({ url: first.server.origin, headers }, { secrets, grants });
    await fixture.fetch({ url: first.server.origin, headers: common }, { secrets, grants });
    expect(first.seen).toHaveLength(2);
    expect(other.seen).toHaveLength(2);
    expect(JSON.stringify(other.seen)).not.toContain(SECRET);
  });
});
