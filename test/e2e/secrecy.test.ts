/**
 * Two runs that differ in nothing but a secret look the same to the operator: ATTACKS 41, 42 and 51.
 *
 * Method: the same calls with two secrets, also where a secret decides a branch; number, order and sizes
 * of all HTTP bodies and of all records in the data directory must be equal.
 *
 * @module
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { BuiltContract } from "#sdk/transform/index.ts";
import { Proxy } from "./support/proxy.ts";
import { readRecords } from "./support/records.ts";
import { account, fixture, Site } from "./support/site.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const site = new Site(afterAll);
let artefact: BuiltContract;

beforeAll(async () => {
  artefact = await fixture("keeper");
});

interface Confidence {
  readonly key: string;
  readonly text: string;
  readonly number: bigint;
  readonly guess: string;
}

/** All that the operator can count and measure of one run. */
async function shapeOf({ key, text, number, guess }: Confidence): Promise<unknown> {
  const data = site.path(`data ${key} ${text.length}`);
  const proxy = await Proxy.start(afterAll);
  const worker = await site.worker(data);
  proxy.target = (await worker.ready).url;
  const client = await account(proxy.url);
  const contract = await client.deploy(artefact, { args: { name: text }, secrets: { key } });
  await contract.run("put", { key: text, text, number }, {});
  await contract.read("get", { key: text }, {});
  await contract.read("get", { key: "nothing" }, {});
  await contract.read("guess", { text: guess }, {});
  await expect(contract.run("choose", {}, {})).rejects.toThrow();
  await expect(contract.run("refuse", { text }, {})).rejects.toThrow();
  await expect(contract.run("fall", { text }, {})).rejects.toThrow();
  await worker.stop();
  const http = proxy.passed.map(({ asked, answered }) => {
    return [asked.method, asked.path, asked.body.length, answered.status, answered.body.length];
  });
  const records = (name: string) => {
    return readRecords(join(data, name)).map((record) => [record.number, record.bytes.length]);
  };
  const files = readdirSync(data).toSorted();
  return {
    http,
    files,
    log: records("log/entries"),
    deltas: records("deltas"),
    receipts: records("receipts"),
  };
}

const low = { key: "abcdefgh", text: "yes", number: 1_000_000n, guess: "abcdefgh" };

describe("the operator", () => {
  it("sees no difference between two secrets of one size", async () => {
    const high = { key: "zyxwvuts", text: "not", number: 9_999_999n, guess: "abcdefgh" };
    expect(await shapeOf(high)).toEqual(await shapeOf(low));
  });

  it("sees none between arguments of different sizes in one bucket either", async () => {
    const longer = { ...low, text: "y".repeat(30), guess: "" };
    expect(await shapeOf(longer)).toEqual(await shapeOf({ ...low, key: "abcdefgi" }));
  });
});
