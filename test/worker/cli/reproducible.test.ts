/**
 * The same bytes wherever, whenever and by whomever a contract is built, and the verbs that rely on it.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { build, type BuiltContract } from "#sdk/transform/index.ts";
import { hermeticJson } from "#test/support/hermetic.ts";
import { WorkerProcess } from "#test/support/worker-process.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

const root = join(import.meta.dirname, "..", "..", "..");
const main = join(root, "worker/cli/main.ts");
const tool = join(root, "node_modules/assemblyscript/package.json");
const FILES = ["ledger.wasm", "ledger.wasm.map", "ledger.abi.ts", "ledger.abi.json"];

let folder: string;
let built: BuiltContract;
const path = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hermetic-same-"));
  const sources = path("sources");
  mkdirSync(sources);
  for (const name of ["ledger.ts", "ledger-errors.ts"]) {
    copyFileSync(join(root, "test/sdk/fixtures", name), join(sources, name));
  }
  const { contracts } = await build({ entry: join(sources, "ledger.ts"), outDir: path("here") });
  built = contracts[0] as BuiltContract;
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Builds in a shell of its own, where a user may have set anything. */
function buildElsewhere(cwd: string, out: string, setting: string): Promise<number | null> {
  const command = `${setting}; exec "$0" --conditions=hermetic-source "$@"`;
  const args = [main, "build", "ledger.ts", "--out", out];
  const child = spawn("sh", ["-c", command, process.execPath, ...args], { cwd, stdio: "ignore" });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
}

describe("a build", () => {
  it.each([
    ["in another folder, with letters that locales sort differently", "über/ﬁle ñ/Z", ":"],
    [
      "in Turkish, on the other side of the world",
      "tr",
      "export LC_ALL=tr_TR.UTF-8 LANG=tr_TR TZ=Pacific/Apia",
    ],
    ["by another user", "home", "umask 077; export HOME=/nonexistent USER=eve NODE_ENV=production"],
  ])("gives the same bytes %s", async (_name, place, setting) => {
    const cwd = path(place);
    mkdirSync(cwd, { recursive: true });
    for (const name of ["ledger.ts", "ledger-errors.ts"]) {
      copyFileSync(join(path("sources"), name), join(cwd, name));
    }
    const out = join(cwd, "out");
    expect(await buildElsewhere(cwd, out, setting)).toBe(0);
    for (const name of FILES) {
      expect(readFileSync(join(out, name)), name).toEqual(readFileSync(path(`here/${name}`)));
    }
  });

  it("does not follow the clock", async () => {
    vi.useFakeTimers({ now: 0, toFake: ["Date"] });
    try {
      const { contracts } = await build({ entry: path("sources/ledger.ts") });
      expect(contracts[0]?.codeHash).toBe(built.codeHash);
    } finally {
      vi.useRealTimers();
    }
  });

  it("depends on nothing whose version is not fixed", () => {
    const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    const own = JSON.parse(readFileSync(tool, "utf8")) as typeof manifest;
    const tools = ["assemblyscript", "@bytecodealliance/jco-transpile", "@btc-vision/as-bignum"];
    for (const name of tools) expect(manifest.dependencies[name]).toMatch(/^\d+\.\d+\.\d+$/);
    expect(own.dependencies["binaryen"]).toMatch(/^\d+\.\d+\.\d+/);
  });
});

describe("hermetic build --verify", () => {
  it("passes for the hash, and fails with a code for any other", async () => {
    const entry = path("sources");
    const same = await hermeticJson(["build", entry, "--verify", built.codeHash]);
    expect(same).toMatchObject({ status: 0, value: { name: "Ledger", verified: true } });
    const other = await hermeticJson(["build", entry, "--verify", "ab".repeat(32)]);
    expect(other).toMatchObject({
      status: 5,
      value: { error: { code: "HRM4019", message: expect.stringContaining(built.codeHash) } },
    });
    expect(await hermeticJson(["build", entry, "--verify", "abc"])).toMatchObject({ status: 2 });
  });
});

describe("hermetic verify", () => {
  it("tells anybody whether a contract runs this source", async () => {
    const worker = new WorkerProcess(path("data"));
    try {
      const { url } = await worker.ready;
      const network = ["--to", url, "--allow-simulated"];
      const key = path("ann.key");
      await hermeticJson(["keys", "new", "--out", key]);
      const wasm = path("here/ledger.wasm");
      const deployed = await hermeticJson(["deploy", wasm, "--key", key, ...network]);
      const { address } = deployed.value as { address: string };
      const verified = { status: 0, value: { address, name: "Ledger", verified: true } };
      const run = (source: string) => hermeticJson(["verify", address, source, ...network]);
      expect(await run(path("sources"))).toMatchObject(verified);
      expect(await run(wasm)).toMatchObject(verified);
      const other = await run(join(root, "test/sdk/fixtures/hello.ts"));
      expect(other).toMatchObject({ status: 3, value: { error: { code: "HRM2113" } } });
    } finally {
      await worker.kill();
    }
  });
});
