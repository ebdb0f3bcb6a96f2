/**
 * `hermetic query --record`: the command asks the real web on a fork of a worker's data, and a world plays back
 * what it has written.
 *
 * @module
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { createWorld } from "hermetic/testing";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Wallet } from "#sdk/client/index.ts";
import { startHttpsServer, type LocalHttps } from "#sdk/testing/https/server.ts";
import { hermetic, hermeticJson, type EndedJson } from "#test/support/hermetic.ts";
import { account, Site } from "./support/site.ts";
import workshop from "contract:workshop";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const KEY = "key-4b70-canary";

const site = new Site(afterAll);
const data = site.path("data");
const ann = Wallet.generate();
let server: LocalHttps;
let asked = 0;
let address = "";
let flags: string[] = [];
let secrets = "";

beforeAll(async () => {
  server = await startHttpsServer((request, response) => {
    asked++;
    response.end(`answer ${asked} to ${request.headers.authorization ?? request.url}`);
  });
  const root = site.file("root.pem", server.root);
  const grants = ["--grant-egress", `127.0.0.1:${server.port}`, "--extra-root", root];
  const worker = await site.worker(data, grants);
  const client = await account((await worker.ready).url, { wallet: ann });
  const contract = await client.deploy(workshop, { args: { total: 5n }, secrets: { key: KEY } });
  ({ address } = contract);
  await worker.stop();
  const abi = site.file("workshop.abi.json", JSON.stringify(workshop.abi));
  const key = site.file("ann.key", JSON.stringify(ann.exportKey()));
  flags = ["--abi", abi, "--key", key];
  secrets = site.file("secrets.json", JSON.stringify({ key: KEY }));
});

afterAll(async () => server[Symbol.asyncDispose]());

/** Asks by the command, on a fork. */
function query(method: string, args: object, ...more: string[]): Promise<EndedJson> {
  const json = JSON.stringify(args);
  return hermeticJson(["query", address, method, "--args", json, ...flags, ...more]);
}

describe("hermetic query --record", () => {
  it("asks the real web on a fork, and writes what a world plays back", async () => {
    const file = site.path("test/rates.http.json");
    const url = `${server.origin}/rate`;
    const before = asked;
    const { status, value } = await query("ask", { url }, "--fork", data, "--record", file);
    expect(value).toMatchObject({ value: `answer ${asked} to /rate` });
    expect({ status, recorded: value.recorded }).toEqual({
      status: 0,
      recorded: { file, exchanges: 1 },
    });
    expect(asked).toBe(before + 1);
    const world = await createWorld({ fork: data });
    world.http.recording(file);
    const contract = world.contract(workshop, address, { caller: ann });
    expect(await contract.query.ask({ url })).toBe(value.value);
    world.verify();
    // A world of its own plays it too: nothing of the fork is in the file.
    const other = await createWorld({ egressGrants: ["127.0.0.1"] });
    other.http.recording(file);
    const own = await other.deploy(workshop, { args: { total: 1n } });
    expect(await own.query.ask({ url })).toBe(value.value);
    other.verify();
    expect(asked).toBe(before + 1);
  });

  it("names the contract's secrets, and records none that it cannot name", async () => {
    const file = site.path("secret.http.json");
    const args = { url: `${server.origin}/`, before: "Bearer ", byReference: true };
    const unnamed = await query("askAs", args, "--fork", data, "--record", file);
    expect(unnamed).toMatchObject({ status: 2, value: { error: { code: "HRM5020" } } });
    expect(existsSync(file)).toBe(false);
    const recording = ["--fork", data, "--record", file, "--secrets", secrets];
    const named = await query("askAs", args, ...recording);
    expect(named).toMatchObject({ status: 0, value: { recorded: { exchanges: 1 } } });
    const written = readFileSync(file, "utf8");
    expect(written).toContain("Bearer {secret:key}");
    expect(written).not.toContain(KEY);
    const world = await createWorld({ egressGrants: ["127.0.0.1"] });
    world.http.recording(file);
    const own = await world.deploy(workshop, {
      args: { total: 1n },
      secrets: { key: "another-key" },
    });
    expect(await own.query.askAs(args)).toContain("Bearer {secret:key}");
    world.verify();
  });

  it("forks the data of hermetic dev if no directory is named; a query that asks nobody is recorded too", async () => {
    const project = site.path("project");
    mkdirSync(site.path("project/.hermetic"), { recursive: true });
    cpSync(data, site.path("project/.hermetic/data"), { recursive: true });
    const args = ["query", address, "sum", ...flags, "--record", "nobody.http.json"];
    const { status, stdout } = await hermetic(args, { cwd: project });
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^"5"\n.*\nrecorded 0 exchanges in nobody\.http\.json\n$/),
    });
    const world = await createWorld({ fork: data });
    world.http.recording(site.path("project/nobody.http.json"));
    expect(await world.contract(workshop, address).query.sum()).toBe(5n);
    world.verify();
  });

  it("says what is wrong with a directory, an address or the flags, and writes nothing", async () => {
    const file = site.path("never.http.json");
    const sealed = site.copy(data);
    rmSync(`${sealed}/simulated-tee`, { recursive: true });
    const wrong: [string, string[]][] = [
      ["HRM5013", ["--record", file, "--fork", site.path("nowhere")]],
      ["HRM5021", ["--record", file, "--fork", sealed]],
      ["HRM5017", ["--record", site.path("ann.key/below.json"), "--fork", data]],
      ["HRM4001", ["--record", file, "--fork", data, "--to", "http://127.0.0.1:1"]],
      ["HRM4001", ["--fork", data]],
      ["HRM4001", ["--secrets", secrets]],
    ];
    for (const [code, more] of wrong) {
      const { status, value } = await query("sum", {}, ...more);
      expect({ more, status, code: value.error.code }).toEqual({ more, status: 2, code });
    }
    const nobody = ["query", "ab".repeat(32), "sum", ...flags, "--record", file, "--fork", data];
    const unknown = await hermeticJson(nobody);
    expect(unknown.value.error).toMatchObject({ name: "CONTRACT_UNKNOWN" });
    expect(unknown.status).toBeGreaterThan(0);
    expect(existsSync(file)).toBe(false);
  });

  it("leaves the directory of a running worker alone", async () => {
    const used = site.copy(data);
    const worker = await site.worker(used);
    const file = site.path("never.http.json");
    const { status, value } = await query("sum", {}, "--record", file, "--fork", used);
    expect({ status, code: value.error.code }).toEqual({ status: 2, code: "HRM4201" });
    expect(existsSync(file)).toBe(false);
    await worker.stop();
  });
});
