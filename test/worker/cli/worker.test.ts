/**
 * The command against a real worker with the real enclave: every exit code, starts, stops and kills.
 *
 * @module
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { hermetic, hermeticJson } from "#test/support/hermetic.ts";
import { startWorkerProcess } from "#test/support/started-worker.ts";
import { isAlive } from "#test/support/worker-process.ts";
import { freshDirectory } from "../support/directory.ts";

// Every run of the command is a process of its own.
vi.setConfig({ testTimeout: 180_000 });

const fixture = join(import.meta.dirname, "fixtures", "counter.ts");

interface Site {
  readonly directory: string;
  readonly data: string;
  readonly wasm: string;
  readonly flags: readonly string[];
  readonly address: string;
}

async function deployed(url: string, directory: string): Promise<Site> {
  const key = join(directory, "key");
  await hermetic(["keys", "new", "--out", key]);
  const built = await hermeticJson<{ wasm: string }>(["build", fixture, "--out", directory]);
  const { wasm } = built.value;
  const flags = ["--to", url, "--key", key, "--allow-simulated"];
  const { status, value } = await hermeticJson<{ address: string }>(["deploy", wasm, ...flags]);
  expect(status).toBe(0);
  expect(Object.keys(value)).toEqual(["address", "height", "codeHash", "gasUsed"]);
  return {
    directory,
    data: join(directory, "data"),
    wasm,
    flags,
    address: value.address,
  };
}

describe("hermetic worker, deploy, call and query", () => {
  it("keep their fixed forms and exit codes", async () => {
    const directory = freshDirectory();
    const { ready, child, ended } = await startWorkerProcess(join(directory, "data"));
    expect(ready).toEqual({
      event: "ready",
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      pid: child.pid,
      enclavePid: expect.any(Number),
      measurement: expect.stringMatching(/^[0-9a-f]{64}$/),
      simulated: true,
    });
    const site = await deployed(ready.url, directory);
    const abi = ["--abi", site.wasm];
    const call = (...rest: string[]) => {
      return hermeticJson(["call", site.address, ...rest, ...abi, ...site.flags]);
    };
    expect(await call("add", "--args", '{"by":"5","note":"x"}')).toMatchObject({
      status: 0,
      value: { value: "5", height: expect.any(Number), gasUsed: expect.any(Number), events: [] },
    });
    expect(await call("add", "by=6", "note=with = sign")).toMatchObject({ value: { value: "11" } });
    expect(await call("add", "by=1001", "note=")).toMatchObject({
      status: 1,
      value: { error: { name: "TooHigh", args: { limit: "1000" }, code: "HRM4016" } },
    });
    expect(await call("spin")).toMatchObject({
      status: 1,
      value: { error: { name: "OUT_OF_GAS", code: "HRM1301" } },
    });
    for (const mistake of [["add", "by=x", "note="], ["add", "bye=1"], ["value"], ["nothing"]]) {
      expect((await call(...mistake)).status).toBe(2);
    }
    expect((await call("add", "--args", "{by:1}")).value).toMatchObject({
      error: { code: "HRM4007" },
    });
    const query = ["query", site.address, "value", ...abi];
    expect(await hermeticJson([...query, ...site.flags])).toMatchObject({
      status: 0,
      value: { value: "11", events: [] },
    });
    const distrusting = site.flags.filter((flag) => flag !== "--allow-simulated");
    expect(await hermeticJson([...query, ...distrusting])).toMatchObject({
      status: 3,
      value: { error: { code: "HRM2101" } },
    });
    const other = ["--measurement", "00".repeat(32)];
    expect((await hermeticJson([...query, ...site.flags, ...other])).status).toBe(3);
    const nowhere = ["--to", "http://127.0.0.1:1", "--timeout", "500"];
    expect((await hermeticJson([...query, ...site.flags, ...nowhere])).status).toBe(4);
    expect(
      (
        await hermeticJson([
          "inspect",
          site.address,
          ...site.flags.slice(0, 2),
          "--allow-simulated",
        ])
      ).value,
    ).toMatchObject({
      codeHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      status: "live",
      owner: expect.stringMatching(/^[0-9a-f]{64}$/),
      version: 0,
      history: [{ height: expect.any(Number) }],
    });
    const human = await hermetic([
      "call",
      site.address,
      "add",
      "by=1",
      "note=",
      ...abi,
      ...site.flags,
    ]);
    expect(human.stderr).toContain("adding\\u{1b}[31m");
    expect(human.stderr).not.toContain("\u001B");
    child.kill("SIGTERM");
    expect((await ended).status).toBe(0);
    expect(isAlive(ready.enclavePid)).toBe(false);
  });

  it("remember what they have seen, and refuse a worker that was rolled back", async () => {
    const directory = freshDirectory();
    const first = await startWorkerProcess(join(directory, "data"));
    const site = await deployed(first.ready.url, directory);
    const call = (url: string) => {
      const to = ["--to", url];
      return hermeticJson([
        "call",
        site.address,
        "add",
        "by=1",
        "note=",
        "--abi",
        site.wasm,
        ...site.flags,
        ...to,
      ]);
    };
    expect((await call(first.ready.url)).status).toBe(0);
    const seen = `${site.flags[3]}.seen`;
    const heads = JSON.parse(readFileSync(seen, "utf8")) as Record<string, { height: number }>;
    const [cluster, head] = Object.entries(heads)[0] as [string, { height: number }];
    writeFileSync(seen, JSON.stringify({ [cluster]: { ...head, height: head.height + 1_000 } }));
    expect(await call(first.ready.url)).toMatchObject({
      status: 3,
      value: { error: { code: "HRM2111" } },
    });
  });
});

describe("hermetic worker", () => {
  it("leaves no enclave behind when it is killed, and starts again with all that was confirmed", async () => {
    const directory = freshDirectory();
    const first = await startWorkerProcess(join(directory, "data"));
    const site = await deployed(first.ready.url, directory);
    const call = (url: string, ...rest: string[]) => {
      return hermeticJson([...rest, "--abi", site.wasm, ...site.flags, "--to", url]);
    };
    let confirmed = 0;
    let url = first.ready.url;
    let { child, ready } = first;
    for (let round = 0; round < 3; round++) {
      const { status } = await call(url, "call", site.address, "add", "by=1", "note=");
      expect(status).toBe(0);
      confirmed++;
      child.kill("SIGKILL");
      await expect.poll(() => isAlive(ready.enclavePid)).toBe(false);
      const next = await startWorkerProcess(site.data);
      ({ child, ready } = next);
      url = ready.url;
      const { value } = await call(url, "query", site.address, "value");
      expect(value["value"]).toBe(String(confirmed));
    }
  });

  it("ends with 5 when its enclave is killed", async () => {
    const { ready, ended } = await startWorkerProcess(join(freshDirectory(), "data"));
    process.kill(ready.enclavePid, "SIGKILL");
    const { status, stdout } = await ended;
    expect(status).toBe(5);
    expect(stdout.split("\n")[1]).toContain("HRM4103");
  });

  it("refuses a directory in use, a changed configuration and a damaged one, each with its code", async () => {
    const data = join(freshDirectory(), "data");
    const flags = ["worker", "--data", data, "--listen", "127.0.0.1:0"];
    const { child, ended } = await startWorkerProcess(data);
    expect(await hermeticJson(flags)).toMatchObject({
      status: 5,
      value: { error: { code: "HRM4201" } },
    });
    child.kill("SIGTERM");
    await ended;
    expect(await hermeticJson([...flags, "--grant-egress", "10.0.0.0/8"])).toMatchObject({
      value: { error: { code: "HRM4206" } },
    });
    const deltas = readFileSync(join(data, "deltas"));
    rmSync(join(data, "log", "entries"));
    expect(await hermeticJson(flags)).toMatchObject({
      status: 5,
      value: { error: { code: "HRM4209" } },
    });
    expect(readFileSync(join(data, "deltas")).equals(deltas)).toBe(true);
  });

  it("says which fault the enclave found", async () => {
    const data = join(freshDirectory(), "data");
    const { child, ended } = await startWorkerProcess(data);
    child.kill("SIGTERM");
    await ended;
    const path = join(data, "cluster.sealed");
    const sealed = readFileSync(path);
    sealed.writeUInt8(sealed.readUInt8(sealed.length - 1) ^ 1, sealed.length - 1);
    writeFileSync(path, sealed);
    const { status, stderr } = await hermetic([
      "worker",
      "--data",
      data,
      "--listen",
      "127.0.0.1:0",
    ]);
    expect(status).toBe(5);
    expect(stderr).toMatch(/HRM4106.*\n.*HRM1502/);
  });
});
