/**
 * Worlds that go on from a worker's data directory: a real worker writes it, and it stays as it was.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createWorld, Wallet } from "hermetic/testing";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { account, Site } from "#test/e2e/support/site.ts";
import workshop from "contract:workshop";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const ann = Wallet.generate();
let close = (): Promise<void> => Promise.resolve();
const site = new Site((work) => (close = work));
const data = site.path("data");
let address = "";

/** Every file with its content and its times. */
function fingerprint(folder: string): string {
  const hash = createHash("sha256");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted();
  for (const name of names) {
    const path = join(folder, name);
    const { mtimeMs, size, mode, ino } = statSync(path);
    hash.update(`${name} ${mtimeMs} ${size} ${mode} ${ino}\n`);
    if (statSync(path).isFile()) hash.update(readFileSync(path));
  }
  return hash.digest("hex");
}

beforeAll(async () => {
  const worker = await site.worker(data, ["--grant-egress", "10.1.2.3:8443"]);
  const { url } = await worker.ready;
  const contract = await (
    await account(url, { wallet: ann })
  ).deploy(workshop, {
    args: { total: 5n },
    secrets: { TOKEN: "sealed on the worker" },
  });
  address = contract.address;
  await contract.command.add({ amount: 2n });
  await worker.stop();
});

afterAll(() => close());

describe("createWorld({ fork })", () => {
  it("reads and calls what a worker has stored, and leaves the directory as it was", async () => {
    const before = fingerprint(data);
    const world = await createWorld({ fork: data });
    const contract = world.contract(workshop, address, { caller: ann });
    expect(await contract.query.sum()).toBe(7n);
    expect(await contract.query.share()).toBe(2n);
    expect(await contract.query.hasSecret({ name: "TOKEN" })).toBe(true);
    expect((await contract.command.add({ amount: 3n })).value).toBe(10n);
    expect((await contract.as("bob").command.add({ amount: 1n })).value).toBe(11n);
    world.restart();
    world.restart({ rebuild: true });
    expect(await contract.query.sum()).toBe(11n);
    expect([...world.states().keys()]).toEqual([address]);
    expect(fingerprint(data)).toBe(before);
  });

  it("makes worlds that know nothing of each other", async () => {
    const [one, other] = [await createWorld({ fork: data }), await createWorld({ fork: data })];
    await one.contract(workshop, address).command.add({ amount: 100n });
    expect(await other.contract(workshop, address).query.sum()).toBe(7n);
    const snapshot = other.snapshot();
    await other.contract(workshop, address).command.add({ amount: 1n });
    other.restore(snapshot);
    expect(await other.contract(workshop, address).query.sum()).toBe(7n);
  });

  it("has the worker's time and configuration", async () => {
    const world = await createWorld({ fork: data });
    const now = Number(world.time.now()) * 1000;
    expect(Math.abs(Date.now() - now)).toBeLessThan(3_600_000);
    world.time.advance({ days: 700 });
    const { now: seen } = await world.contract(workshop, address).query.where();
    expect(Number(seen) * 1000).toBe(now + 700 * 86_400_000);
    // Granted to the worker when its directory was made; only what is granted can be mocked.
    world.http.get("https://10.1.2.3:8443/").reply(200).optional();
    expect(() => world.http.get("https://10.1.2.3:9443/")).toThrow("HRM5003");
    await expect(createWorld({ fork: data, egressGrants: [] })).rejects.toThrow("HRM5014");
  });

  it("is upgraded by the owner, whose key the tester holds, and by nobody else", async () => {
    const world = await createWorld({ fork: data });
    const contract = world.contract(workshop, address, { caller: "eve" });
    expect(() => contract.deployment).toThrow("HRM5015");
    await expect(contract.upgrade(workshop)).toFailWith("HRM1332");
    const next = await contract.as(ann).upgrade(workshop);
    expect(await next.query.sum()).toBe(7n);
  });

  it("refuses what is no data directory, is damaged, or is in use", async () => {
    await expect(createWorld({ fork: site.path("nowhere") })).rejects.toThrow("HRM5013");
    mkdirSync(site.path("empty"));
    await expect(createWorld({ fork: site.path("empty") })).rejects.toThrow("HRM5013");
    expect(readdirSync(site.path("empty"))).toEqual([]);

    const broken = site.copy(data);
    const log = readFileSync(join(broken, "log/entries"));
    writeFileSync(join(broken, "log/entries"), log.fill(0, 100, 120));
    await expect(createWorld({ fork: broken })).rejects.toMatchObject({
      code: "HRM4209",
      message: expect.stringContaining(broken) as string,
    });

    const busy = site.copy(data);
    const worker = await site.worker(busy);
    await expect(createWorld({ fork: busy })).rejects.toMatchObject({ code: "HRM4201" });
    await worker.kill();
    const world = await createWorld({ fork: busy });
    expect(await world.contract(workshop, address).query.sum()).toBe(7n);
  });
});
