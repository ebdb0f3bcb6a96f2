/**
 * Calls that wait for the web on a real worker: whose sender leaves, and whose state moves meanwhile.
 *
 * Goal: a query ends with its client's connection; a command that no longer fits is tried anew, as often as
 * promised, and then changes nothing. Method: a server that answers when the test has done its worst.
 *
 * @module
 */
import type { RequestListener, ServerResponse } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { HTTP_PARALLEL_MAX, HTTP_REQUESTS_MAX, HTTP_RETRIES_MAX } from "#protocol/limits.ts";
import type { AccountClient, Contract } from "#sdk/client/index.ts";
import type { BuiltContract } from "#sdk/transform/index.ts";
import { startHttpsServer, type LocalHttps } from "#sdk/testing/https/server.ts";
import { account, fixture, Site } from "./support/site.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const site = new Site(afterAll);
const data = site.path("data");
let server: LocalHttps;
let url = "";
let artefact: BuiltContract;
let owner: AccountClient;
let contract: Contract;
let answer: RequestListener = (_, response) => void response.end("at once");
/** Paths that the server was asked for. */
const asked: string[] = [];

beforeAll(async () => {
  server = await startHttpsServer((request, response) => {
    asked.push(request.url ?? "");
    answer(request, response);
  });
  artefact = await fixture("follower");
  const root = site.file("root.pem", server.root);
  const worker = await site.worker(data, ["--grant-egress", "127.0.0.1", "--extra-root", root]);
  ({ url } = await worker.ready);
  owner = await account(url);
  contract = await owner.deploy(artefact);
});
beforeEach(() => void asked.splice(0));
afterAll(() => server[Symbol.asyncDispose]());

const told = async () => (await contract.read("told", {}, {})).value;

describe("a query", () => {
  it("ends when its client goes away: its connections are closed, and it asks no more", async () => {
    const waiting = new Set<ServerResponse>();
    const arrived = Promise.withResolvers<void>();
    const gone = Promise.withResolvers<void>();
    answer = (_, response) => {
      waiting.add(response);
      response.once("close", () => {
        waiting.delete(response);
        if (waiting.size === 0) gone.resolve();
      });
      if (asked.length === HTTP_PARALLEL_MAX) arrived.resolve();
    };
    const leaving = new AbortController();
    const client = await account(url, {
      fetch: (where, init) => fetch(where, leavingWith(init, leaving)),
    });
    const args = { url: `${server.origin}/silent`, count: HTTP_REQUESTS_MAX - 1 };
    const read = client
      .contract(artefact.abi, contract.address)
      .read("wait", args, { timeoutMs: 60_000 });
    // It tries again until its time is over: there is nothing to wait for.
    read.catch(() => undefined);
    await arrived.promise;
    expect(await underWay()).toBe(1);
    leaving.abort();
    await gone.promise;
    await expect.poll(underWay, { timeout: 60_000 }).toBe(0);
    // Left alone it would have gone on with the others when the first had timed out.
    expect(asked).toHaveLength(HTTP_PARALLEL_MAX);
  });
});

async function underWay(): Promise<number> {
  return (await contract.usage()).underWay;
}

/** All connections of a client end with its leaving. */
function leavingWith(init: RequestInit, { signal }: AbortController): RequestInit {
  return { ...init, signal: AbortSignal.any([signal, ...(init.signal ? [init.signal] : [])]) };
}

describe("a command whose requests no longer fit", () => {
  /** Answers, but only after the state has moved on, so many times. */
  function moving(times: number): void {
    let left = times;
    answer = (request, response) => {
      const path = (request.url ?? "").slice(1);
      const moved =
        left-- > 0 ? contract.run("point", { path: `${Number(path) + 1}` }, {}) : undefined;
      Promise.resolve(moved).then(
        () => response.end(`answer to ${path}`),
        (error: Error) => response.destroy(error),
      );
    };
  }

  const follow = () => contract.run("follow", { origin: server.origin }, {});

  it.each([1, HTTP_RETRIES_MAX])(
    "is tried anew by itself after %i moves, and done once",
    async (times) => {
      await contract.run("point", { path: "0" }, {});
      const before = Number(String(await told()).split(" ")[0]);
      moving(times);
      const { value } = await follow();
      expect(value).toBe(`answer to ${times}`);
      expect(asked).toEqual(Array.from({ length: times + 1 }, (_, at) => `/${at}`));
      expect(await told()).toBe(`${before + 1} answer to ${times}`);
    },
  );

  it("is refused when the state never rests, and has changed nothing, here and in the log", async () => {
    await contract.run("point", { path: "0" }, {});
    const before = await told();
    moving(Infinity);
    await expect(follow()).rejects.toMatchObject({ code: "HRM1318" });
    expect(asked).toHaveLength(HTTP_RETRIES_MAX + 1);
    expect(await told()).toBe(before);
    answer = (_, response) => void response.end("calm");
    expect((await follow()).value).toBe("calm");
    const after = await told();
    const counted = asked.length;
    for (const worker of site.running) await worker.kill();
    const worker = await site.worker(data, ["--rebuild"]);
    const again = await account((await worker.ready).url);
    const { value } = await again.contract(artefact.abi, contract.address).read("told", {}, {});
    expect([value, asked.length]).toEqual([after, counted]);
  });
});
