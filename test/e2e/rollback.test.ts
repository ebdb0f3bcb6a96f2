/**
 * Going back in time, through the command: part of a directory is refused by the worker, all of it by
 * whoever remembers.
 *
 * @module
 */
import { copyFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { HermeticError, Wallet, type RememberedHead } from "#sdk/client/index.ts";
import { hermetic, hermeticJson } from "#test/support/hermetic.ts";
import { NOTES, prepare, startHere, type Prepared } from "./support/damage.ts";
import { Proxy } from "./support/proxy.ts";
import { account, Site } from "./support/site.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const site = new Site(afterAll);
let prepared: Prepared;

beforeAll(async () => {
  prepared = await prepare(site, "data");
});

describe("hermetic worker", () => {
  it("refuses an older snapshot by name, without a stack trace, and says how to go on", async () => {
    const data = site.copy(prepared.data);
    for (const [directory, act] of [
      [data, (name: string) => rmSync(join(data, name))],
      [
        prepared.earlier,
        (name: string) => copyFileSync(join(prepared.earlier, name), join(data, name)),
      ],
    ] as const) {
      for (const name of readdirSync(directory)) if (name.startsWith("snapshot-")) act(name);
    }
    for (const name of ["deltas", "receipts"]) {
      copyFileSync(join(prepared.earlier, name), join(data, name));
    }
    const verb = ["worker", "--data", data, "--listen", "127.0.0.1:0"];
    const { status, value } = await hermeticJson(verb);
    expect(status).toBe(5);
    expect(value.error).toMatchObject({
      name: "ENCLAVE_REFUSED",
      code: "HRM4106",
      args: { fault: 501, snapshot: expect.any(Number), newest: expect.any(Number) },
    });
    const words = await hermetic(verb);
    expect(words.status).toBe(5);
    expect(words.stderr).toContain("HRM1501");
    expect(words.stderr).not.toMatch(/^\s+at /m);

    const worker = await site.worker(data, ["--rebuild"]);
    const { url } = await worker.ready;
    const contract = (await account(url)).contract(prepared.abi, prepared.address);
    expect((await contract.read("sum", {}, {})).value).toBe(NOTES);
    expect((await worker.stop()).status).toBe(0);
  });
});

describe("a whole directory put back", () => {
  it("is refused by a command that remembers with exit code 3, and not seen by a newcomer", async () => {
    const key = site.path("old.key");
    const newcomer = site.path("new.key");
    for (const out of [key, newcomer]) await hermetic(["keys", "new", "--out", out]);
    const proxy = await Proxy.start(onTestFinished);
    const abi = site.file("tally.abi.json", JSON.stringify(prepared.abi));
    const query = (file: string) => {
      const flags = ["--abi", abi, "--key", file, "--to", proxy.url, "--allow-simulated"];
      return hermeticJson(["query", prepared.address, "sum", ...flags]);
    };
    const now = await site.worker(site.copy(prepared.data));
    proxy.target = (await now.ready).url;
    expect(await query(key)).toMatchObject({ status: 0, value: { value: NOTES } });
    await now.stop();

    const then = await site.worker(site.copy(prepared.earlier));
    proxy.target = (await then.ready).url;
    expect(await query(key)).toMatchObject({
      status: 3,
      value: { error: { name: "ROLLBACK", code: "HRM2111" } },
    });
    expect(await query(newcomer)).toMatchObject({ status: 0, value: { value: NOTES / 2 } });
    await then.stop();
  });

  it("is refused by a client that was connected all the time, for queries and commands", async () => {
    const proxy = await Proxy.start(onTestFinished);
    const data = site.copy(prepared.data);
    const old = site.copy(prepared.earlier);
    let remembered: RememberedHead | undefined;
    const wallet = Wallet.generate();
    const remember = {
      load: () => remembered,
      save: (_: string, head: RememberedHead) => void (remembered = head),
    };
    let worker = await startHere(data);
    proxy.target = worker.url;
    const contract = (await account(proxy.url, { wallet, remember })).contract(
      prepared.abi,
      prepared.address,
    );
    expect((await contract.read("sum", {}, {})).value).toBe(NOTES);
    await worker.stop();

    worker = await startHere(old);
    proxy.target = worker.url;
    // Its session is not in the older state, so a new one is opened there, and that is answered too low.
    await expect(contract.read("sum", {}, {})).rejects.toMatchObject({ code: "HRM2111" });
    const later = (await account(proxy.url, { wallet, remember })).contract(
      prepared.abi,
      prepared.address,
    );
    const error = await later.run("note", { id: 5, text: "" }, {}).catch((own: unknown) => own);
    expect(error).toBeInstanceOf(HermeticError);
    expect(error).toMatchObject({ kind: "trust", code: "HRM2111" });
    await worker.stop();
  });
});
