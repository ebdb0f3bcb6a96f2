/**
 * `world.http.recording`: taken down from a real server, played back without it, and never with a secret in it.
 *
 * @module
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createWorld } from "hermetic/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startHttpsServer, type LocalHttps } from "#sdk/testing/https/server.ts";
import workshop from "contract:workshop";

const KEY = "key-8f21-canary";

let folder: string;
let path: string;
let server: LocalHttps;
let asked = 0;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "hermetic-recording-"));
  path = join(folder, "web", "rates.http.json");
  asked = 0;
  server = await startHttpsServer((request, response) => {
    asked++;
    const { url, headers } = request;
    if (url === "/bytes") return void response.end(Buffer.of(0xff, 0x61));
    if (url === "/echo") return void response.end(`you are ${headers.authorization}`);
    if (url === "/base64") {
      return void response.end(Buffer.from(`${headers.authorization}`).toString("base64"));
    }
    response.setHeader("x-served-by", "the real web");
    return void response.end(`answer ${asked}`);
  });
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

async function open(record: boolean, key = KEY) {
  const world = await createWorld({ egressGrants: ["127.0.0.1"] });
  const contract = await world.deploy(workshop, { args: { total: 0n }, secrets: { key } });
  const recording = world.http.recording(path, { record, extraRoots: [server.root] });
  return { world, contract, recording };
}

const stored = () => JSON.parse(readFileSync(path, "utf8")) as { exchanges: unknown[] };

describe("world.http.recording()", () => {
  it("asks the real web once, and plays the same back without it, in queries and commands", async () => {
    const url = `${server.origin}/rate`;
    const first = await open(true);
    const told = [
      await first.contract.query.ask({ url }),
      (await first.contract.command.fetchNote({ url })).value,
      (await first.contract.command.post({ url, body: "text" })).value,
    ];
    expect(told).toEqual(["answer 1", "answer 2", 200]);
    first.world.verify();
    await server[Symbol.asyncDispose]();
    const second = await open(false);
    const again = [
      await second.contract.query.ask({ url }),
      (await second.contract.command.fetchNote({ url })).value,
      (await second.contract.command.post({ url, body: "text" })).value,
    ];
    expect([again, asked]).toEqual([told, 3]);
    second.world.verify();
  });

  it("writes what people can read: request and answer, text as text, bytes as base64", async () => {
    const { contract } = await open(true);
    await contract.query.ask({ url: `${server.origin}/rate` });
    await contract.query.ask({ url: `${server.origin}/bytes` });
    await contract.query.ask({ url: "https://127.0.0.1:1/" });
    const [text, bytes, failed] = stored().exchanges;
    expect(text).toEqual({
      request: { method: "GET", url: `${server.origin}/rate`, headers: [], body: "" },
      answer: {
        status: 200,
        headers: expect.arrayContaining([["x-served-by", "the real web"]]),
        body: "answer 1",
      },
    });
    expect(bytes).toMatchObject({ answer: { body: { base64: "/2E=" } } });
    expect(failed).toMatchObject({ answer: { error: "connect" } });
  });

  it("is strict: what was not asked then fails the test, and what is not asked now too", async () => {
    const url = `${server.origin}/rate`;
    const { contract } = await open(true);
    await contract.query.ask({ url });
    await contract.command.post({ url, body: "one" });
    const second = await open(false);
    const { http } = second.world;
    for (const wrong of [
      () => second.contract.query.ask({ url: `${url}?x` }),
      () => second.contract.command.post({ url, body: "two" }),
    ]) {
      await expect(wrong()).rejects.toThrow("HRM5018");
    }
    expect(() => second.world.verify()).toThrow("HRM5019");
    await second.contract.query.ask({ url });
    await expect(second.contract.query.ask({ url })).rejects.toThrow("HRM5018");
    await second.contract.command.post({ url, body: "one" });
    second.world.verify();
    http.reset();
  });

  it("leaves to mocks what they answer", async () => {
    const { contract, world } = await open(true);
    world.http.get("https://mocked.example/").reply(200, "mock");
    expect(await contract.query.ask({ url: "https://mocked.example/" })).toBe("mock");
    expect(existsSync(path)).toBe(false);
  });

  it("asks nobody whom the contract and the world may not ask", async () => {
    const { contract } = await open(true);
    expect(await contract.query.ask({ url: "https://10.0.0.1/" })).toBe("denied");
    expect(await contract.query.ask({ url: "http://127.0.0.1/" })).toBe("denied");
    expect(asked).toBe(0);
  });

  it.each([true, false])("never holds a secret, sent by reference: %s", async (byReference) => {
    const url = `${server.origin}/echo`;
    const given = { url, before: "Bearer ", byReference };
    const { contract } = await open(true);
    await contract.query.askAs(given);
    const file = readFileSync(path, "utf8");
    expect(file).not.toContain(KEY);
    expect(file).toContain("Bearer {secret:key}");
    // Who plays it back need not know the secret.
    const second = await open(false, "another-key");
    expect(await second.contract.query.askAs(given)).toBe("you are Bearer {secret:key}");
    second.world.verify();
  });

  it("does not record what a secret cannot be taken out of", async () => {
    const given = { url: `${server.origin}/base64`, before: "Bearer ", byReference: true };
    const { contract } = await open(true);
    await expect(contract.query.askAs(given)).rejects.toThrow("HRM5020");
    const short = await open(true, "abc");
    const asking = short.contract.query.ask({ url: `${server.origin}/rate` });
    await expect(asking).rejects.toThrow("HRM5020");
    expect(existsSync(path)).toBe(false);
  });

  it("records no exchange with a stored secret whose name nobody has said", async () => {
    const given = { url: `${server.origin}/echo`, before: "Bearer ", byReference: true };
    const { contract, world } = await open(true);
    // Another contract with a secret, told to no mock: as one that was there before.
    const { address } = await (
      await world.client("ann")
    ).deploy(workshop, { args: { total: 0n }, secrets: { key: "unnamed-canary" } });
    world.http.recording(path, { record: true, extraRoots: [server.root] });
    const other = world.contract(workshop, address);
    await expect(other.query.askAs(given)).rejects.toThrow("HRM5020");
    expect(existsSync(path)).toBe(false);
    await contract.query.askAs(given);
    world.http.conceal({ key: "unnamed-canary" });
    await other.query.askAs(given);
    expect(stored().exchanges).toHaveLength(2);
    expect(readFileSync(path, "utf8")).not.toContain("unnamed-canary");
  });

  it("says so when the file cannot be written", async () => {
    const world = await createWorld();
    const below = join(folder, "a-file");
    writeFileSync(below, "");
    const recording = world.http.recording(join(below, "rates.json"), { record: true });
    expect(() => recording.write()).toThrow("HRM5017");
  });

  it("says so when there is no recording, or none that can be read", async () => {
    await expect(open(false)).rejects.toThrow("HRM5017");
    for (const text of ["", "{}", '{"hermetic":"http-recording","version":2,"exchanges":[]}']) {
      path = join(folder, "broken.json");
      writeFileSync(path, text);
      await expect(open(false)).rejects.toThrow("HRM5017");
    }
  });

  it("is written anew by hermetic test --record", async () => {
    vi.stubEnv("HERMETIC_RECORD", "1");
    const world = await createWorld();
    expect(world.http.recording(path).isRecording).toBe(true);
    vi.unstubAllEnvs();
    expect(() => world.http.recording(path)).toThrow("HRM5017");
  });
});
