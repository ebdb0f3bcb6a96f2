/**
 * Ends of a worker that are not a crash of all of it: SIGTERM under load, the enclave alone killed, and a
 * second worker on a directory in use: ATTACKS 85.
 *
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import { connect as connectSocket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { HermeticError, type Contract } from "#sdk/client/index.ts";
import type { BuiltContract } from "#sdk/transform/index.ts";
import { hermeticJson } from "#test/support/hermetic.ts";
import { Proxy } from "./support/proxy.ts";
import { account, fixture, Site } from "./support/site.ts";
import { isAlive } from "#test/support/worker-process.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const site = new Site(afterAll);
let artefact: BuiltContract;

beforeAll(async () => {
  artefact = await fixture("tally");
});

/** Sends numbers one after another until told to stop; @returns what was acknowledged, and how many were sent. */
function load(contract: Contract, first: number, timeoutMs: number) {
  let isOver = false;
  const acknowledged: number[] = [];
  let sent = 0;
  const run = async (): Promise<void> => {
    while (!isOver) {
      const id = first + sent++;
      try {
        await contract.run("note", { id, text: "x".repeat(500) }, { timeoutMs });
        acknowledged.push(id);
      } catch (error) {
        if (!(error instanceof HermeticError) || error.kind !== "unreachable") throw error;
        await sleep(10);
      }
    }
  };
  const running = run();
  running.catch(() => undefined); // awaited in end()
  return {
    acknowledged,
    end: async (): Promise<number> => {
      isOver = true;
      await running;
      return sent;
    },
  };
}

describe("a worker under load", () => {
  it.each(["SIGTERM", "SIGKILL of its enclave"])("that ends by %s loses nothing", async (how) => {
    const data = site.path(`data ${how}`);
    const proxy = await Proxy.start(onTestFinished);
    const first = await site.worker(data);
    const { enclavePid, url } = await first.ready;
    proxy.target = url;
    const owner = await account(proxy.url);
    const contract = await owner.deploy(artefact);
    const loads = await Promise.all(
      [1, 2, 3].map(async (at) => {
        const own = (await account(proxy.url)).contract(artefact.abi, contract.address);
        return load(own, at * 100_000, at === 1 ? 60_000 : 300);
      }),
    );
    while (loads.some(({ acknowledged }) => acknowledged.length < 10)) await sleep(10);

    if (how === "SIGTERM") {
      // A client that never finishes its request must not hold up the end.
      const slow = connectSocket(Number(new URL(url).port), "127.0.0.1");
      slow.on("error", () => undefined); // cut off by the worker
      slow.write("POST /v1/command HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf");
      const startMs = performance.now();
      expect((await first.stop()).status).toBe(0);
      expect(performance.now() - startMs).toBeLessThan(30_000);
      slow.destroy();
    } else {
      process.kill(enclavePid, "SIGKILL");
      const ended = await first.ended;
      expect(ended.status).toBe(5);
      const line: unknown = JSON.parse(ended.stdout.trimEnd().split("\n").at(-1) ?? "");
      expect(line).toMatchObject({ error: { name: "ENCLAVE_EXITED", code: "HRM4103" } });
      expect(ended.stdout + ended.stderr).not.toMatch(/^\s+at /m);
    }
    expect(isAlive(enclavePid)).toBe(false);

    const second = await site.worker(data);
    proxy.target = (await second.ready).url;
    await sleep(300);
    for (const [at, { acknowledged, end }] of loads.entries()) {
      const from = (at + 1) * 100_000;
      const sent = await end();
      const { value } = await contract.read("counts", { from, to: from + sent }, {});
      const counts = value as number[];
      expect(acknowledged.every((id) => counts[id - from] === 1)).toBe(true);
      expect(counts.every((count) => count < 2)).toBe(true);
      if (at === 0) expect(acknowledged.length).toBe(sent);
    }
    expect((await second.stop()).status).toBe(0);
  });
});

describe("a data directory", () => {
  it("has one worker at a time, and the first keeps serving", async () => {
    const data = site.path("shared");
    const first = await site.worker(data);
    const { url } = await first.ready;
    const contract = await (await account(url)).deploy(artefact);
    const verb = ["worker", "--data", data, "--listen", "127.0.0.1:0"];
    for (const flags of [[], ["--rebuild"]]) {
      expect(await hermeticJson([...verb, ...flags])).toMatchObject({
        status: 5,
        value: { error: { name: "DATA_LOCKED", code: "HRM4201" } },
      });
      await contract.run("note", { id: 1, text: "" }, {});
    }
    expect((await contract.read("sum", {}, {})).value).toBe(2);
    await first.kill();
    // No stale lock is left behind.
    const second = await site.worker(data);
    expect((await second.stop()).status).toBe(0);
  });

  it("is not made, nor changed, where the address is in use, and is let go of again", async () => {
    const [first, data] = [await site.worker(site.path("one")), site.path("two")];
    const { port } = new URL((await first.ready).url);
    const taken = ["worker", "--data", data, "--listen", `127.0.0.1:${port}`];
    const refused = { status: 5, value: { error: { name: "LISTEN_REFUSED", code: "HRM4301" } } };
    expect(await hermeticJson(taken)).toMatchObject(refused);
    expect(existsSync(data)).toBe(false);
    expect((await (await site.worker(data)).stop()).status).toBe(0);
    const log = readFileSync(join(data, "log/entries"));
    expect(await hermeticJson([...taken, "--rebuild"])).toMatchObject(refused);
    expect(readFileSync(join(data, "log/entries")).equals(log)).toBe(true);
    const second = await site.worker(data);
    expect((await second.stop()).status).toBe(0);
  });
});
