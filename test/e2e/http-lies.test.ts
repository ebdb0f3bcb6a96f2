/**
 * Goal: a worker process that lies while it carries a contract's request makes the request fail, by the
 * word that `docs/http-faults.md` gives, and gains nothing else: every answer that comes through is whole.
 * Method: the real enclave in its own process and the real worker, with a liar between them.
 *
 * @module
 */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createReport } from "#worker/report.ts";
import { startWorker, type RunningWorker } from "#worker/start.ts";
import type { Contract } from "#sdk/client/index.ts";
import { createAuthority } from "#sdk/testing/https/certificates.ts";
import {
  createServerIdentity,
  startHttpsServer,
  type LocalHttps,
} from "#sdk/testing/https/server.ts";
import { Liar } from "#test/support/faults/liar.ts";
import { lies, type Lie } from "#test/support/faults/lies.ts";
import { openBehind } from "#test/support/faults/lying-enclave.ts";
import { account, fixture, Site } from "./support/site.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const BUNDLE = join(import.meta.dirname, "../../dist/enclave.mjs");
/** More than two pieces of a tunnel hold. */
const BODY = "confidential ".repeat(20_000);

const site = new Site(afterAll);
const servers = new Map<Lie, LocalHttps>();
let stranger: LocalHttps;
let liar: Liar;
let worker: RunningWorker;
let contract: Contract;

beforeAll(async () => {
  const authority = createAuthority("Test authority");
  const identity = createServerIdentity({}, authority);
  for (const lie of lies) {
    const server = await startHttpsServer((_, response) => {
      // A connection that is used again has no beginning that could be played back.
      if (lie.second) response.setHeader("connection", "close");
      response.end(BODY);
    }, identity);
    servers.set(lie, server);
  }
  const other = createServerIdentity({ alternatives: ["other.example"] }, authority);
  stranger = await startHttpsServer((_, response) => response.end("a lie"), other);
  liar = new Liar({
    strangerPort: stranger.port,
    byPort: new Map(lies.map((lie) => [servers.get(lie)?.port ?? 0, lie])),
    byHost: new Map(lies.map((lie) => [`${lie.name}.lie.test`, lie])),
  });
  worker = await startWorker({
    dataPath: site.path("data"),
    bundle: BUNDLE,
    listen: { host: "127.0.0.1", port: 0 },
    config: { egressGrants: ["127.0.0.1"], extraRoots: [authority.certificate] },
    report: createReport(() => undefined, false),
    open: openBehind(liar, BUNDLE),
  });
  contract = await (await account(worker.url)).deploy(await fixture("courier"));
});

afterAll(async () => {
  await worker.stop();
  for (const server of [...servers.values(), stranger]) await server[Symbol.asyncDispose]();
});

function urlOf(lie: Lie): string {
  const host = lie.addresses === undefined ? "127.0.0.1" : `${lie.name}.lie.test`;
  return `https://${host}:${servers.get(lie)?.port}/`;
}

describe("a worker process that", () => {
  it.for(lies)("$does leaves a contract with $gives", async (lie) => {
    const url = urlOf(lie);
    if (lie.second) {
      expect((await contract.read("ask", { url }, {})).value).toMatchObject({ status: 200 });
      liar.remember();
    }
    const [asked, kept] = await Promise.all([
      contract.read("ask", { url }, {}),
      contract.run("keep", { name: lie.name, url }, {}),
    ]);
    const whole = { status: 200, error: "", length: BODY.length };
    const failed = { status: 0, error: lie.gives, length: 0, text: "" };
    for (const { value } of [asked, kept]) {
      expect(value).toMatchObject(lie.gives === 200 ? whole : failed);
    }
    expect((await contract.read("read", { name: lie.name }, {})).value).toEqual(kept.value);
  });
});
