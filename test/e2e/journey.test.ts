/**
 * The whole way by the command alone, on a contract that is not in this repository's examples: keys,
 * build, worker, deploy, call, query, inspect, explain, with the fixed forms of every answer.
 *
 * @module
 */
import { copyFileSync, mkdirSync, statSync } from "node:fs";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { hermetic, hermeticJson, type Line } from "#test/support/hermetic.ts";
import { fixturePath, Site } from "./support/site.ts";

vi.setConfig({ testTimeout: 120_000 });

const HEX64 = expect.stringMatching(/^[0-9a-f]{64}$/);
const COUNT = expect.any(Number);
const U128_MAX = String(2n ** 128n - 1n);
const TEXT = 'naïve "quotes" \\ 😀 ﷽ \u0000 \u2028 עברית';

function crate(id: string | number, account: string): Line {
  return {
    id,
    owner: account,
    stamp: "00ff80",
    parts: [
      { label: TEXT, weight: U128_MAX },
      { label: "", weight: "0" },
    ],
    note: null,
    spare: { label: "spare", weight: "18446744073709551616" },
  };
}

describe("the command", () => {
  it("builds one contract or a folder of them, one line each", async () => {
    const site = new Site(onTestFinished);
    mkdirSync(site.path("sources/deep"), { recursive: true });
    copyFileSync(fixturePath("registry"), site.path("sources/registry.ts"));
    copyFileSync(fixturePath("tally"), site.path("sources/deep/tally.ts"));
    const many = await hermeticJson(["build", site.path("sources"), "--out", site.path("many")]);
    expect(many.status).toBe(0);
    expect(many.lines.map(({ name }) => name as string).toSorted()).toEqual(["Registry", "Tally"]);
    const one = await hermeticJson(["build", fixturePath("registry"), "--out", site.path("one")]);
    const { value } = one;
    const keys = ["name", "wasm", "abi", "codeHash", "bytes", "warnings"];
    expect(Object.keys(value)).toEqual(keys);
    expect(statSync(value.wasm).size).toBe(value.bytes);
    // The same source gives the same bytes from any folder.
    const again = many.lines.find(({ name }) => name === "Registry");
    expect(again).toMatchObject({ codeHash: value.codeHash, bytes: value.bytes });
  });

  it("goes from a key to an answer", async () => {
    const site = new Site(onTestFinished);
    const key = site.path("ann.key");
    const made = await hermeticJson(["keys", "new", "--out", key]);
    expect(made).toMatchObject({ status: 0, value: { account: HEX64, path: key } });
    expect(statSync(key).mode & 0o077).toBe(0);
    const { account } = made.value as { account: string };

    const built = await hermeticJson(["build", fixturePath("registry"), "--out", site.path("out")]);
    const { wasm, abi, codeHash } = built.value as Record<"wasm" | "abi" | "codeHash", string>;

    const worker = await site.worker(site.path("data"));
    const ready = await worker.ready;
    expect(ready).toEqual({
      event: "ready",
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      pid: worker.pid,
      enclavePid: worker.children[0],
      measurement: HEX64,
      simulated: true,
    });

    const flags = ["--to", ready.url, "--key", key, "--allow-simulated"];
    const open = JSON.stringify({ title: TEXT, limit: "-9223372036854775808", keeper: null });
    const deployed = await hermeticJson(["deploy", wasm, "--args", open, ...flags]);
    expect(deployed.status).toBe(0);
    expect(deployed.value).toEqual({ address: HEX64, height: COUNT, codeHash, gasUsed: COUNT });
    const { address, height } = deployed.value as { address: string; height: number };

    const run = (verb: "call" | "query", method: string, args: unknown) => {
      const json = JSON.stringify(args);
      return hermeticJson([verb, address, method, "--abi", abi, "--args", json, ...flags]);
    };
    const big = crate("18446744073709551615", account);
    const stored = await run("call", "store", { crate: big });
    expect(stored).toMatchObject({ status: 0 });
    expect(stored.value).toEqual({
      value: U128_MAX,
      height: COUNT,
      gasUsed: COUNT,
      events: [
        { name: "Stored", args: { id: big.id, by: account, parts: big.parts }, public: false },
        { name: "Counted", args: { crates: 1 }, public: true },
      ],
    });
    expect(stored.value.height).toBeGreaterThan(height);

    // Bytes and accounts are taken with 0x too, small integers as numbers, arguments in order.
    const small = { ...crate(7, account), stamp: "0x00FF80", owner: account, spare: null };
    expect(await run("call", "store", [small])).toMatchObject({ status: 0 });
    const refused = await run("call", "store", [small]);
    expect(refused).toMatchObject({ status: 1 });
    expect(Object.keys(refused.value)).toEqual(["error"]);
    expect(refused.value.error).toMatchObject({
      name: "AlreadyStored",
      args: { id: "7", first: small.parts[0], owner: account, stamp: "00ff80" },
      code: "HRM4016",
    });

    const asked = await run("query", "find", { ids: ["18446744073709551615", 8, 7] });
    expect(Object.keys(asked.value)).toEqual(["value", "height", "gasUsed", "events"]);
    expect(asked.value.value).toEqual([big, null, { ...small, id: "7", stamp: "00ff80" }]);
    expect((await run("query", "summary", {})).value.value).toBe(`${TEXT}/2/-9223372036854775808`);
    expect((await run("query", "whoAmI", [])).value.value).toBe(account);

    expect((await hermeticJson(["inspect", wasm])).value).toMatchObject({
      contract: "Registry",
      codeHash,
      abi: { contract: "Registry" },
    });
    const look = ["inspect", address, "--to", ready.url, "--allow-simulated"];
    expect((await hermeticJson(look)).value).toMatchObject({ address, codeHash });
    const inspected = await hermeticJson(["inspect", ready.url, "--allow-simulated"]);
    expect(inspected.value).toMatchObject({ measurement: ready.measurement, simulated: true });

    expect(await worker.stop()).toMatchObject({ status: 0, stderr: expect.any(String) });
  });

  it("explains every code offline", async () => {
    const { status, lines } = await hermeticJson(["explain"]);
    expect(status).toBe(0);
    const all = lines[0] as { code: string }[];
    expect(all.length).toBeGreaterThan(100);
    for (const { code } of all.filter((_, at) => at % 40 === 0)) {
      const one = await hermeticJson(["explain", code]);
      expect(one).toMatchObject({ status: 0, value: { code, title: expect.any(String) } });
    }
    const words = await hermetic(["explain", "HRM1301"]);
    expect(words.stdout).toMatch(/^HRM1301 OUT_OF_GAS: .+\n\nWhy {2}.+\nFix {2}.+\n$/);
  });
});
