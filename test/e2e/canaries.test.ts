/**
 * What the operator of a worker can read, searched for what was said in confidence: ATTACKS 53, 68 and 86.
 *
 * Goal: no argument, result, state, event, error, panic, log, secret, HTTPS body or key of a client is in
 * anything that the operator has. Method: texts that occur nowhere else are put in every such place, then
 * searched for in every usual form; the search itself is tried on what must be found.
 *
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterAll, expect, it, vi } from "vitest";
import { Wallet } from "#sdk/client/index.ts";
import { startHttpsServer } from "#sdk/testing/https/server.ts";
import { formsOf, type Needle } from "#sdk/testing/operator/needle.ts";
import { Proxy } from "./support/proxy.ts";
import { account, fixture, Site } from "./support/site.ts";
import { Tap } from "./support/tap.ts";
import type { WorkerProcess } from "#test/support/worker-process.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const site = new Site(afterAll);

type View = readonly [place: string, bytes: Buffer];

function filesIn(directory: string): View[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => [name, readFileSync(join(parentPath, name))] as const);
}

/** What the system shows about a process to everybody, or to its owner. */
function processViews(pid: number): View[] {
  return ["cmdline", "environ"].map((name) => {
    return [`${name} of ${pid}`, readFileSync(`/proc/${pid}/${name}`)] as const;
  });
}

function find(views: readonly View[], needle: Needle): string[] {
  return formsOf(needle).flatMap(({ form, bytes }) =>
    views.filter(([, haystack]) => haystack.includes(bytes)).map(([place]) => `${place}: ${form}`),
  );
}

async function httpViews(url: string): Promise<View[]> {
  const paths = ["/metrics", "/healthz", "/v1/info"];
  return Promise.all(
    paths.map(async (path) => [path, Buffer.from(await (await fetch(url + path)).text())] as const),
  );
}

it("an operator can read nothing that was said in confidence", async () => {
  const proxy = await Proxy.start(afterAll);
  const answer = "canary-in-the-answer-51c2";
  const received: string[] = [];
  const server = await startHttpsServer((request, response) => {
    void buffer(request).then((body) => {
      received.push(`${request.headers.authorization ?? ""} ${body.toString()}`);
      response.end(answer);
    });
  });
  const tap = await Tap.start(afterAll, server.port);
  const data = site.path("data");
  const flags = [
    "--grant-egress",
    `127.0.0.1:${tap.port}`,
    "--extra-root",
    site.file("root.pem", server.root),
  ];
  const outputs: WorkerProcess[] = [await site.worker(data, flags)];
  const [worker] = outputs as [WorkerProcess];
  const { url, enclavePid } = await worker.ready;
  proxy.target = url;

  const secret = "canary-in-a-secret-9b7f";
  const number = 0x1234_5678_9abc_def1n;
  const texts = ["init", "text", "key", "error", "panic", "sent", "asked", "\u001B[31mlog\n"].map(
    (name) => `canary-in-${name}-3e88`,
  );
  const [init, text, key, error, panic, sent, asked, log] = texts as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const artefact = await fixture("keeper");
  const wallet = Wallet.generate();
  const client = await account(proxy.url, { wallet });
  const contract = await client.deploy(artefact, {
    args: { name: init },
    secrets: { key: secret },
  });
  await contract.run("put", { key, text, number }, {});
  await contract.run("put", { key: "log", text: log, number: 1n }, {});
  await expect(contract.run("refuse", { text: error }, {})).rejects.toThrow();
  await expect(contract.run("fall", { text: panic }, {})).rejects.toThrow();
  const posted = { url: `https://127.0.0.1:${tap.port}/`, text: sent };
  expect((await contract.run("post", posted, {})).value).toBe(200);
  expect((await contract.read("get", { key: "answer" }, {})).value).toBe(answer);
  expect((await contract.read("guess", { text: secret }, {})).value).toBe(true);
  await contract.read("guess", { text: asked }, {});
  // A bad day: crash, replay, gentle end.
  const views = [
    ...processViews(worker.pid),
    ...processViews(enclavePid),
    ...(await httpViews(url)),
  ];
  await worker.kill();
  views.push(...filesIn(data));
  const second = await site.worker(data);
  proxy.target = (await second.ready).url;
  expect((await contract.read("get", { key }, {})).value).toBe(text);
  views.push(...(await httpViews(proxy.target)));
  await second.stop();

  views.push(...filesIn(data));
  views.push(["output", Buffer.from(worker.output + second.output)]);
  views.push(["egress", tap.seen]);
  for (const { asked: request, answered } of proxy.passed) {
    views.push([`request to ${request.path}`, request.body], ["answer", answered.body]);
  }
  await server[Symbol.asyncDispose]();
  // The web did get what it was sent, and the search does find what is there.
  expect(received).toEqual([`${secret} ${sent}`]);
  expect(find(views, Buffer.from(contract.address, "hex"))).not.toEqual([]);
  expect(find(views, data)).not.toEqual([]);

  const { seed } = JSON.parse(JSON.stringify(wallet.exportKey())) as { seed: string };
  expect(seed).toMatch(/^[0-9a-f]{64}$/);
  const source = "canary-in-"; // in every text; shorter ones are found by chance
  const bytes = [wallet.account, seed].map((hex) => Buffer.from(hex, "hex"));
  for (const needle of [
    ...texts,
    secret,
    answer,
    source,
    number,
    ...bytes,
    "Whispered",
    "upper half",
  ]) {
    expect(find(views, needle), String(needle)).toEqual([]);
  }
});
