/**
 * Names, by a name server and a hosts file of the test's own.
 *
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Names, type NamesOptions } from "#worker/egress/names.ts";
import { startNameServer } from "#test/support/name-server.ts";

const MANY = 20;
const directory = mkdtempSync(join(tmpdir(), "names-"));
afterAll(() => rmSync(directory, { recursive: true }));

function resolve(names: Names, host: string): Promise<readonly string[]> {
  return new Promise((done) => void names.resolve(host, done));
}

/** Patient, for a busy machine. */
const namesOf = (options: Partial<NamesOptions>): Names =>
  new Names({
    lookupMs: 25_000,
    serverMs: 20_000,
    hostsFile: join(directory, "none"),
    ...options,
  });

describe("Names", () => {
  it("asks for many names at once", async () => {
    const all = Promise.withResolvers<void>();
    await using server = await startNameServer(async (name) => {
      if (new Set(server.asked).size >= MANY) all.resolve();
      await all.promise;
      return `192.0.2.${name.slice(4).split(".")[0]}`;
    });
    const names = namesOf({ nameServers: [server.address] });
    const hosts = Array.from({ length: MANY }, (_, index) => `name${index}.example`);
    const found = await Promise.all(hosts.map((host) => resolve(names, host)));
    expect(found).toEqual(hosts.map((_, index) => [`192.0.2.${index}`]));
  });

  it("takes the hosts file's word before any server's", async () => {
    const hostsFile = join(directory, "hosts");
    writeFileSync(
      hostsFile,
      "# names\n10.1.2.3\tlocal.example  Other.example # more.example\n::5 local.example\n",
    );
    await using server = await startNameServer(() => Promise.resolve("192.0.2.1"));
    const names = namesOf({ nameServers: [server.address], hostsFile });
    expect(await resolve(names, "local.example")).toEqual(["10.1.2.3", "::5"]);
    expect(await resolve(names, "other.example")).toEqual(["10.1.2.3"]);
    expect(await resolve(names, "more.example")).toEqual(["192.0.2.1"]);
    expect(server.asked).toEqual(["more.example"]);
  });

  it("asks the operating system for what no server knows", async () => {
    await using server = await startNameServer(() => Promise.resolve(undefined));
    const names = namesOf({ nameServers: [server.address] });
    const found = await resolve(names, "localhost");
    expect(found.every((address) => ["127.0.0.1", "::1"].includes(address))).toBe(true);
    expect(found.length).toBeGreaterThan(0);
    expect(server.asked).toEqual(["localhost"]);
  });

  it("gives up a name that takes too long, and one that nobody waits for", async () => {
    const never = Promise.withResolvers<undefined>();
    await using server = await startNameServer(() => never.promise);
    const names = namesOf({ nameServers: [server.address], lookupMs: 50 });
    expect(await resolve(names, "slow.example")).toEqual([]);
    let isTold = false;
    names.resolve("other.example", () => (isTold = true))();
    expect(isTold).toBe(false);
  });
});
