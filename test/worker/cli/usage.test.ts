/**
 * The command by itself: its forms, its exit codes and its words, without a worker.
 *
 * @module
 */
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { explain, explanations } from "#sdk/client/index.ts";
import { workerCodes } from "#worker/codes.ts";
import { freshDirectory } from "../support/directory.ts";
import { hermetic, hermeticJson } from "#test/support/hermetic.ts";

// Every run of the command is a process of its own.
vi.setConfig({ testTimeout: 180_000 });

describe("hermetic", () => {
  it("shows help and version with 0, on standard output", async () => {
    const help = await hermetic(["--help"]);
    expect(help).toMatchObject({ status: 0, stderr: "" });
    for (const verb of [
      "new",
      "build",
      "check",
      "test",
      "dev",
      "deploy",
      "call",
      "query",
      "worker",
    ]) {
      expect(help.stdout).toContain(`\n  ${verb} `);
    }
    expect((await hermetic(["deploy", "--help"])).stdout).toContain("--allow-simulated");
    expect((await hermetic(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    [["wroker"], "Did you mean worker?"],
    [["build", "--ot", "x"], "Did you mean --out?"],
    [["explain", "a", "b"], "too many arguments"],
    [["deploy"], "missing required argument"],
    [["worker"], "--data DIR is required"],
    [["worker", "--data", "x", "--listen", "nowhere"], "--listen takes HOST:PORT"],
    [["worker", "--data", "x", "--tick", "2147483648"], "--tick takes at most 2147483647"],
    [["worker", "--data", "x", "--tick", "1e3"], "--tick takes a whole number"],
    [["worker", "--data", "x", "--grant-egress", "a".repeat(301)], "grants of 300 characters"],
    [["keys", "new"], "--out FILE is required"],
    [["inspect", "http://127.0.0.1:1", "--timeout", "0"], "--timeout takes at least 1"],
    [["new"], "directory is missing"],
    [["new", "Not A Name"], "not a name"],
    [["new", "fine", "--template", "none"], "hello"],
    [["explain", "HRM9999"], "HRM9999"],
    [["inspect", "/no/such/file.wasm"], "ENOENT"],
  ])("answers %j with 2 and a hint", async (args, hint) => {
    const cwd = freshDirectory();
    const { status, stdout, stderr } = await hermetic(args, { cwd });
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(hint);
    expect(stderr).toMatch(/error HRM\d{4}:/);
  });

  it("says usage mistakes as one line of JSON when asked to", async () => {
    for (const args of [["wroker"], ["worker"], ["deploy"]]) {
      expect(await hermeticJson(args)).toMatchObject({
        status: 2,
        value: { error: { name: "USAGE", args: {}, code: "HRM4001" } },
      });
    }
  });

  it("answers no verb at all with its help and 2", async () => {
    const { status, stdout, stderr } = await hermetic([]);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("Commands:");
  });

  it("answers a verb that has verbs of its own with their help", async () => {
    const { status, stdout, stderr } = await hermetic(["keys"]);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("show the account of a key file");
    expect(stderr).not.toContain("run a worker");
  });

  it("gives the advice of every failure a line of its own", async () => {
    const cwd = freshDirectory();
    writeFileSync(join(cwd, "no.key"), "nothing");
    const { status, stderr } = await hermetic(["keys", "show", "no.key"], { cwd });
    expect(status).toBe(2);
    const { why = "", fix = "" } = explain("HRM2005") ?? {};
    expect(stderr.split("\n")).toEqual([
      "error HRM2005: The key is not usable: it is not JSON",
      `  ${why}`,
      `  ${fix}`,
      "  hermetic explain HRM2005",
      "",
    ]);
  });

  it("uses no colour without a terminal", async () => {
    const { stderr } = await hermetic(["nonsense"]);
    expect(stderr).not.toContain("\u001B");
  });
});

describe("hermetic explain", () => {
  it("explains every code that the worker and the command can report", () => {
    for (const number of Object.values(workerCodes)) expect(explain(`HRM${number}`)).toBeDefined();
    const ours = explanations().filter(({ code }) => code.startsWith("HRM4"));
    expect(ours).toHaveLength(Object.keys(workerCodes).length);
  });

  it("takes codes and names, in any case", async () => {
    const { status, value } = await hermeticJson(["explain", "hrm1202"]);
    expect(status).toBe(0);
    expect(value).toMatchObject({ code: "HRM1202", name: "SESSION_REPLAYED" });
    expect((await hermeticJson(["explain", "SESSION_REPLAYED"])).value).toEqual(value);
  });
});

describe("hermetic keys", () => {
  it("makes a key that only its owner reads, never over another, and never prints its seed", async () => {
    const path = join(freshDirectory(), "key");
    const made = await hermetic(["keys", "new", "--out", path]);
    expect(made.status).toBe(0);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const text = readFileSync(path, "utf8");
    const { seed, account } = JSON.parse(text) as { seed: string; account: string };
    expect(made.stdout).toContain(account);
    expect(made.stdout + made.stderr).not.toContain(seed);
    const again = await hermeticJson(["keys", "new", "--out", path]);
    expect(again).toMatchObject({ status: 2, value: { error: { code: "HRM4003" } } });
    expect(readFileSync(path, "utf8")).toBe(text);
    const shown = await hermeticJson(["keys", "show", path]);
    expect(shown.status).toBe(0);
    expect(shown.value).toEqual({ account, path });
  });

  it("refuses a damaged key file without quoting it", async () => {
    const path = join(freshDirectory(), "key");
    writeFileSync(path, '{"hermetic":"key/1","seed":"c0ffee');
    const { status, stdout, stderr } = await hermetic(["keys", "show", path]);
    expect(status).toBe(2);
    expect(stdout + stderr).not.toContain("c0ffee");
  });
});

describe("hermetic new", () => {
  it.each(["hello", "token", "auction"])(
    "makes a %s project that depends on this very package",
    async (template) => {
      const cwd = freshDirectory();
      const { status, value } = await hermeticJson(["new", "my-contract", "--template", template], {
        cwd,
      });
      expect(status).toBe(0);
      const path = join(cwd, "my-contract");
      expect(value).toMatchObject({ name: "my-contract", path });
      const manifest = JSON.parse(readFileSync(join(path, "package.json"), "utf8")) as {
        devDependencies: Record<string, string>;
      };
      expect(manifest.devDependencies["hermetic"]).toMatch(/^file:\//);
      expect(manifest.devDependencies["node"]).toMatch(/^26\./);
      for (const name of ["README.md", "vitest.config.ts", ".gitignore"]) {
        expect(existsSync(join(path, name))).toBe(true);
      }
      expect(readFileSync(join(path, "README.md"), "utf8")).not.toContain("{{");
      const built = await hermetic(["build", "contracts", "--out", "out", "--json"], { cwd: path });
      expect(built.status).toBe(0);
    },
  );

  it("refuses a directory that is in use", async () => {
    const cwd = freshDirectory();
    writeFileSync(join(cwd, "taken"), "");
    for (const name of ["taken"]) {
      const { status, value } = await hermeticJson(["new", name], { cwd });
      expect(status).toBe(2);
      expect(value).toMatchObject({ error: { code: "HRM4003" } });
    }
  });
});

describe("hermetic build", () => {
  it("prints one line per contract, with paths that are there", async () => {
    const out = join(freshDirectory(), "out");
    const entry = join(import.meta.dirname, "fixtures", "counter.ts");
    const { status, value } = await hermeticJson<{
      name: string;
      wasm: string;
      abi: string;
      codeHash: string;
      bytes: number;
    }>(["build", entry, "--out", out]);
    expect(status).toBe(0);
    const { name, wasm, abi, codeHash, bytes } = value;
    expect(name).toBe("Counter");
    expect(readFileSync(wasm)).toHaveLength(bytes);
    expect(existsSync(abi)).toBe(true);
    const seen = await hermeticJson(["inspect", wasm]);
    expect(seen.value).toMatchObject({ contract: "Counter", codeHash, bytes });
    const listed = await hermetic(["call", "00".repeat(32), "--abi", wasm]);
    expect(listed).toMatchObject({ status: 0, stderr: "" });
    expect(listed.stdout).toContain(
      "command add(by: u64, note: string): u64\n      Adds to the count.",
    );
  });

  it("names the mistakes of a contract that does not build, with 5", async () => {
    const directory = freshDirectory();
    writeFileSync(join(directory, "bad.ts"), "@contract export class Bad { nope( }");
    const { status, value } = await hermeticJson([
      "build",
      directory,
      "--out",
      join(directory, "out"),
    ]);
    expect(status).toBe(5);
    expect(value).toMatchObject({ error: { code: expect.stringMatching(/^HRM3\d{3}$/) } });
  });
});
