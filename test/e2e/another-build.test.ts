/**
 * A log that one build of the enclave has written is executed by another, and by the first again.
 *
 * Goal: what follows from the log depends on the rules (METER_VERSION), not on who executes it; each build says
 * which one it is, and clients that insist on one refuse the other.
 * Method: whole workers with two bundles whose measurements differ, taking turns on one data directory. Each boot
 * entry names the digest that it was sealed after: another digest of another build would stop the next one.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { toHex } from "#protocol/bytes.ts";
import { parseInfo } from "#protocol/info.ts";
import { enclaveBundle } from "#worker/cli/package.ts";
import { createReport } from "#worker/report.ts";
import { startWorker, type RunningWorker } from "#worker/start.ts";
import type { Contract } from "#sdk/client/index.ts";
import type { BuiltContract } from "#sdk/transform/index.ts";
import { startHttpsServer, type LocalHttps } from "#sdk/testing/https/server.ts";
import { account, fixture, Site } from "./support/site.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const site = new Site(afterAll);
const data = site.path("data");
const builds = { first: enclaveBundle, second: site.path("enclave.mjs") };
const workers = new Set<RunningWorker>();
let server: LocalHttps;
let artefact: BuiltContract;
let address = "";
let asked = 0;

beforeAll(async () => {
  site.file("enclave.mjs", `${readFileSync(enclaveBundle, "utf8")}\n// Another build.\n`);
  server = await startHttpsServer((_, response) => response.end(`answer ${++asked}`));
  artefact = await fixture("courier");
});
afterAll(async () => {
  for (const worker of workers) await worker.stop();
  await server[Symbol.asyncDispose]();
});

interface Stage {
  readonly url: string;
  readonly measurement: string;
  readonly contract: Contract;
  readonly stop: () => Promise<void>;
}

async function start(build: keyof typeof builds, rebuild = false): Promise<Stage> {
  const worker = await startWorker({
    dataPath: data,
    bundle: builds[build],
    listen: { host: "127.0.0.1", port: 0 },
    config: { egressGrants: [`127.0.0.1:${server.port}`], extraRoots: [server.root] },
    rebuild,
    report: createReport(() => undefined, false),
  });
  workers.add(worker);
  const client = await account(worker.url);
  address ||= (await client.deploy(artefact)).address;
  return {
    url: worker.url,
    measurement: toHex(parseInfo(worker.info).evidence.measurement),
    contract: client.contract(artefact.abi, address),
    stop: async () => {
      workers.delete(worker);
      await worker.stop();
    },
  };
}

const keep = async ({ contract }: Stage, name: string, path: string) =>
  (await contract.run("keep", { name, url: server.origin + path }, {})).value;
const read = async ({ contract }: Stage, name: string) =>
  (await contract.read("read", { name }, {})).value;

describe("a log of another build", () => {
  it("comes to the same state, without the web, there and back", async () => {
    const first = await start("first");
    const one = await keep(first, "one", "/one");
    // A command that fails by the contract's own will, and one that the web denies, are in the log too.
    await expect(
      first.contract.run("insist", { name: "no", url: "https://10.0.0.1/" }, {}),
    ).rejects.toThrow("NoAnswer");
    await keep(first, "denied", ":1/not-granted");
    await first.stop();

    const second = await start("second", true);
    expect(second.measurement).not.toBe(first.measurement);
    expect(await read(second, "one")).toEqual(one);
    expect(asked).toBe(1);
    const two = await keep(second, "two", "/two");
    await second.stop();

    const again = await start("first", true);
    expect(again.measurement).toBe(first.measurement);
    expect([await read(again, "one"), await read(again, "two")]).toEqual([one, two]);
    expect(asked).toBe(2);
    await again.stop();
  });

  it("also when the other build goes on from the snapshot and the deltas of the first", async () => {
    const first = await start("first");
    const three = await keep(first, "three", "/three");
    await first.stop();
    const second = await start("second");
    expect(await read(second, "three")).toEqual(three);
    await second.stop();
  });

  it("is refused by a client that insists on one build", async () => {
    const second = await start("second");
    const trust = (measurement: string) => ({ allowSimulated: true, measurements: [measurement] });
    await account(second.url, { trust: trust(second.measurement) });
    const other = account(second.url, { trust: trust("ab".repeat(32)) });
    await expect(other).rejects.toMatchObject({ kind: "trust" });
    await second.stop();
  });
});
