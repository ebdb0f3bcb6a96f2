/**
 * Contracts that ask the web through a real worker: ATTACKS 55, 61, 62 and 65, and the promise of
 * commands that replay without the web.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import type { RequestListener } from "node:http";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Contract } from "#sdk/client/index.ts";
import type { BuiltContract } from "#sdk/transform/index.ts";
import {
  createServerIdentity,
  startHttpsServer,
  type LocalHttps,
} from "#sdk/testing/https/server.ts";
import { hermeticJson } from "#test/support/hermetic.ts";
import { account, fixture, Site } from "./support/site.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

/** Milliseconds one request may take in all, and a machine's slack. */
const DEADLINE_MS = 10_000 + 5_000;

const site = new Site(afterAll);
const data = site.path("data");
let artefact: BuiltContract;
let server: LocalHttps;
let stranger: LocalHttps;
let misnamed: LocalHttps;
let expired: LocalHttps;
let contract: Contract;
let asked = 0;

const serve: RequestListener = (request, response) => {
  asked++;
  const { url = "/" } = request;
  if (url === "/stall") return; // never a word
  if (url === "/drip") {
    response.writeHead(200);
    const timer = setInterval(() => response.write("."), 200);
    response.on("close", () => clearInterval(timer));
    return;
  }
  if (url === "/huge") return void response.end(Buffer.alloc(3 * 1024 * 1024, 120));
  if (url === "/large") return void response.end(Buffer.alloc(1024 * 1024, 120));
  if (url === "/headers") {
    for (let i = 0; i < 200; i++) response.setHeader(`x-${i}`, "v");
    return void response.end("too many");
  }
  if (url === "/away")
    return void response.writeHead(302, { location: "http://169.254.169.254/" }).end();
  if (url === "/break") return void request.socket.destroy();
  response.end(`${asked} ${randomBytes(8).toString("hex")}`);
};

beforeAll(async () => {
  const identity = createServerIdentity();
  server = await startHttpsServer(serve, identity);
  stranger = await startHttpsServer(serve);
  misnamed = await startHttpsServer(serve, createServerIdentity({ alternatives: ["example.org"] }));
  expired = await startHttpsServer(
    serve,
    createServerIdentity({ notAfter: new Date(Date.now() - 60_000) }),
  );
  artefact = await fixture("courier");
  const grants = [server, stranger, misnamed, expired].map(({ port }) => `127.0.0.1:${port}`);
  const roots = [server, misnamed, expired].map(({ root }, at) => site.file(`${at}.pem`, root));
  const worker = await site.worker(data, [
    ...[...grants, `localhost:${server.port}`].flatMap((grant) => ["--grant-egress", grant]),
    ...roots.flatMap((root) => ["--extra-root", root]),
  ]);
  contract = await (await account((await worker.ready).url)).deploy(artefact);
});

afterAll(async () => {
  // The first one may be gone already, which is fine.
  for (const each of [server, stranger, misnamed, expired]) await each[Symbol.asyncDispose]();
});

const ask = async (url: string) => (await contract.read("ask", { url }, {})).value;
const failure = (error: string, status = 0) => ({ status, error, length: 0, text: "" });

describe("a contract", () => {
  it("is answered over HTTPS, in a query and in a command, by address and by name", async () => {
    const { port, origin } = server;
    for (const url of [`${origin}/`, `https://localhost:${port}/path?x=%20`]) {
      expect(await ask(url)).toMatchObject({ status: 200, error: "", text: /^\d+ [0-9a-f]{16}$/ });
    }
    const { value } = await contract.run("keep", { name: "a", url: `${origin}/a` }, {});
    expect(value).toMatchObject({ status: 200 });
    expect((await contract.read("read", { name: "a" }, {})).value).toEqual(value);
    expect(await ask(`${origin}/large`)).toMatchObject({ length: 1024 * 1024 });
  });

  it("gets what fails as a value: certificates, limits, redirects, broken connections", async () => {
    const { origin } = server;
    expect(await ask(stranger.origin)).toEqual(failure("tls"));
    expect(await ask(misnamed.origin)).toEqual(failure("tls"));
    expect(await ask(expired.origin)).toEqual(failure("tls"));
    expect(await ask(`${origin}/huge`)).toEqual(failure("too-large"));
    expect(await ask(`${origin}/headers`)).toMatchObject({ error: /^(too-large|protocol)$/ });
    expect(await ask(`${origin}/break`)).toMatchObject({ error: /^(connect|protocol)$/ });
    expect(await ask(`${origin}/away`)).toMatchObject({ status: 302 });
  });

  it("is denied what was not granted, without a connection", async () => {
    const before = server.connections();
    for (const url of [
      "https://127.0.0.1:1/",
      `https://127.0.0.2:${server.port}/`,
      `https://[::2]:${server.port}/`,
      "https://169.254.169.254/latest",
      "https://10.0.0.1/",
      `https://2130706433:${server.port + 1}/`,
      "ftp://127.0.0.1/",
      "file:///etc/passwd",
      "not a url",
      `https://user:pass@127.0.0.1:${server.port}/`,
    ]) {
      expect(await ask(url), url).toEqual(failure("denied"));
    }
    expect(server.connections()).toBe(before);
    await expect(
      contract.run("insist", { name: "b", url: "https://10.0.0.1/" }, {}),
    ).rejects.toMatchObject({ name: "NoAnswer", args: { error: "denied" } });
  });

  it("waits no longer than the deadline for a server that stalls or drips, and others do not wait", async () => {
    const startMs = performance.now();
    const urls = [`${server.origin}/stall`, `${server.origin}/drip`];
    const slow = contract.read("askAll", { urls }, {});
    const kept = contract.run("keep", { name: "slow", url: urls[0] as string }, {});
    await contract.run("keep", { name: "quick", url: `${server.origin}/quick` }, {});
    expect(await ask(`${server.origin}/quick`)).toMatchObject({ status: 200 });
    expect(performance.now() - startMs).toBeLessThan(DEADLINE_MS / 3);
    expect((await slow).value).toEqual([failure("timeout"), failure("timeout")]);
    expect((await kept).value).toEqual(failure("timeout"));
    expect(performance.now() - startMs).toBeLessThan(DEADLINE_MS);
  });
});

describe("the configuration", () => {
  it("is what everybody is told, and stays what it was at the start", async () => {
    const [worker] = site.running;
    const { url } = (await worker?.ready) ?? { url: "" };
    const inspected = await hermeticJson(["inspect", url, "--allow-simulated"]);
    expect(inspected.value.config.egressGrants).toContain(`localhost:${server.port}`);
    expect(inspected.value.config.extraRoots).toContain(server.root);
    const response = await fetch(`${url}/v1/info`, { headers: { accept: "application/json" } });
    const info = (await response.json()) as { config: unknown };
    expect(info.config).toEqual(inspected.value.config);
  });

  it("that cannot be read is refused at the first start, and can then be put right", async () => {
    const verb = ["worker", "--data", site.path("fresh"), "--listen", "127.0.0.1:0"];
    expect(await hermeticJson([...verb, "--grant-egress", "10.0.0.0/88"])).toMatchObject({
      status: 5,
      value: { error: { name: "ENCLAVE_REFUSED", args: { fault: 325, grant: 0 } } },
    });
    const worker = await site.worker(site.path("fresh"), ["--grant-egress", "10.0.0.0/8"]);
    await worker.stop();
    expect(await hermeticJson([...verb, "--grant-egress", "10.0.0.0/9"])).toMatchObject({
      status: 5,
      value: { error: { name: "DATA_CONFIG_FIXED", code: "HRM4206" } },
    });
  });
});

describe("a command that asked the web", () => {
  it("is replayed from the log when the server is gone, with the same result", async () => {
    const { value } = await contract.run("keep", { name: "z", url: `${server.origin}/z` }, {});
    const count = asked;
    await server[Symbol.asyncDispose]();
    for (const [end, flags] of [
      ["kill", []],
      ["stop", ["--rebuild"]],
    ] as const) {
      for (const worker of site.running) await worker[end]();
      const worker = await site.worker(data, flags);
      const client = await account((await worker.ready).url);
      const again = client.contract(artefact.abi, contract.address);
      expect((await again.read("read", { name: "z" }, {})).value).toEqual(value);
      expect((await again.read("read", { name: "slow" }, {})).value).toEqual(failure("timeout"));
      await expect(
        again.run("keep", { name: "z2", url: `${server.origin}/z` }, {}),
      ).resolves.toMatchObject({
        value: failure("connect"),
      });
    }
    expect(asked).toBe(count);
  });
});
