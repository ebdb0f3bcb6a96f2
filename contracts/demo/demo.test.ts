/**
 * `npm start` as a person runs it: it holds what it promises, can fail, and leaves nothing behind.
 *
 * @module
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { isAlive } from "#test/support/worker-process.ts";
import { findBlind, findSecrets } from "./operator.ts";
import { plainText, secretBytes, secretNumber } from "./search.ts";
import { Stage } from "./stage.ts";

vi.setConfig({ testTimeout: 240_000 });

const START = join(import.meta.dirname, "start.ts");
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hermetic-demo-test-"));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** What the demonstration has left of its own. */
const left = (): string[] => readdirSync(folder).filter((name) => name.startsWith("hermetic-demo"));

function start(flags: readonly string[] = []): ChildProcess {
  return spawn(process.execPath, ["--conditions=hermetic-source", START, ...flags], {
    env: { ...process.env, TMPDIR: folder, NODE_OPTIONS: undefined },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** @param until - Called with all that was printed so far, each time there is more. */
async function ended(child: ChildProcess, until?: (text: string) => void) {
  let [stdout, stderr] = ["", ""];
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout?.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
    until?.(stdout);
  });
  const [status] = (await once(child, "close")) as [number | null];
  return { status, stdout, stderr };
}

describe("npm start", () => {
  it("tells the whole story, exits with 0 without a terminal, and leaves nothing", async () => {
    const { status, stdout, stderr } = await ended(start());
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("executed exactly once");
    expect(stdout).not.toContain("✗");
    expect(stdout).not.toContain("\u001B");
    expect(left()).toEqual([]);
  });

  it.each(["SIGHUP", "SIGINT", "SIGTERM"] as const)(
    "leaves nothing when %s ends it",
    async (signal) => {
      const child = start();
      let isSent = false;
      const { status, stderr } = await ended(child, (text) => {
        if (!isSent && text.includes("Starting a worker")) isSent = child.kill(signal);
      });
      expect({ status, stderr }).toEqual({
        status: { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }[signal],
        stderr: "",
      });
      expect(left()).toEqual([]);
    },
  );

  it("ends, and leaves nothing, when its reader goes away", async () => {
    const child = start();
    const { status, stderr } = await ended(child, () => child.stdout?.destroy());
    expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
    expect(left()).toEqual([]);
  });

  it.each(["latest", "http://rates.example/latest"])(
    "refuses the address of rates %s",
    async (url) => {
      const { status, stderr } = await ended(start(["--rates-url", url]));
      expect(status).toBe(2);
      expect(stderr).toContain("--rates-url takes a URL that begins with https://");
      expect(stderr).toContain("Usage: npm start");
    },
  );

  it("says in a sentence where it cannot keep its files", async () => {
    rmSync(folder, { recursive: true });
    const { status, stderr } = await ended(start());
    expect(status).toBe(1);
    expect(stderr).toMatch(/^\nThe demonstration failed: .*no such file or directory.*\n$/);
  });
});

describe("Stage", () => {
  it("ends a worker that does not serve yet, and starts no other", async () => {
    vi.stubEnv("TMPDIR", folder);
    const stage = await Stage.build(undefined);
    const starting = stage.startWorker();
    const { pid } = stage.worker;
    expect(isAlive(pid)).toBe(true);
    const failed = expect(starting).rejects.toThrow("did not start");
    await stage.close();
    await failed;
    expect(isAlive(pid)).toBe(false);
    expect(left()).toEqual([]);
    await expect(stage.startWorker()).rejects.toThrow("is over");
  });
});

describe("the search", () => {
  const amount = 7_654_321n;
  const secrets = [secretNumber("a bid", amount), secretBytes("a key", Buffer.alloc(32, 0xa7))];
  const place = (bytes: Uint8Array) => [{ place: "the wire", bytes }];

  it.each([
    ["a decimal", Buffer.from("bid of 7654321 cents"), "a bid"],
    ["hexadecimal", Buffer.from("74cbb1"), "a bid"],
    ["eight bytes", Buffer.from("ff000000000074cbb1", "hex"), "a bid"],
    ["eight bytes, the least first", Buffer.from("b1cb740000000000ff", "hex"), "a bid"],
    ["MessagePack", Buffer.from("81a161ce0074cbb1", "hex"), "a bid"],
    ["bytes", Buffer.alloc(40, 0xa7), "a key"],
    ["bytes in hexadecimal", Buffer.from("A7".repeat(32)), "a key"],
    ["bytes in base64", Buffer.from(Buffer.alloc(32, 0xa7).toString("base64")), "a key"],
  ])("finds a secret as %s", (_, bytes, name) => {
    expect(findSecrets(place(bytes), secrets)).toEqual([`${name} in the wire`]);
    const other = bytes.map((byte) => byte ^ 1);
    expect(findSecrets(place(other), secrets)).toEqual([]);
  });

  it("names the places that it is blind in", () => {
    const views = [
      { place: "the wire", bytes: Buffer.from("to localhost:443") },
      { place: "the disk", bytes: Buffer.alloc(0) },
    ];
    expect(findBlind(views, [plainText("a name", "localhost")])).toEqual(["the disk"]);
  });
});
