/**
 * The life of a contract through the client: upgrade, freeze, destroy, and who notices.
 *
 * @module
 */
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { abiOf, type Abi, type AccountClient, type Contract } from "#sdk/client/index.ts";
import { fixture } from "#test/support/fixtures.ts";
import { LocalWorker } from "#test/sdk/client/local-worker.ts";
import { probeAbi } from "#test/sdk/client/probe-abi.ts";

let wasm: Uint8Array;
let successor: Uint8Array;
let worker: LocalWorker;
let ann: AccountClient;
let probe: Contract<typeof probeAbi>;

beforeAll(async () => {
  [wasm, successor] = await Promise.all([fixture("probe"), fixture("successor")]);
});

beforeEach(async () => {
  worker = new LocalWorker();
  ann = await worker.account();
  probe = await ann.deploy({ wasm, abi: probeAbi });
  await probe.command.add({ amount: 5n });
});

describe("Contract.upgrade()", () => {
  it("returns a handle of the new code that keeps the state", async () => {
    const next = await probe.upgrade<Abi>(successor, { args: { how: 0 } });
    expect(next.address).toBe(probe.address);
    expect(next.deployment?.events).toEqual([
      { name: "Migrated", args: { total: 500n }, public: false },
    ]);
    expect((await next.run("add", { amount: 1 })).value).toBe(503n);
  });

  it("makes handles of the old code refuse, before the new code sees a call", async () => {
    const bob = await worker.account();
    const pinned = bob.contract(probeAbi, probe.address);
    const following = bob.contract(probeAbi, probe.address, { followUpgrades: true });
    expect(await pinned.query.peek()).toBe(5n);
    expect(await following.query.peek()).toBe(5n);
    await probe.upgrade<Abi>(successor, { args: { how: 0 } });
    for (const handle of [probe, pinned]) {
      const changed = { code: "HRM2113", kind: "trust" };
      await expect(handle.query.peek()).rejects.toMatchObject(changed);
      await expect(handle.command.add({ amount: 1n })).rejects.toMatchObject(changed);
    }
    expect(await following.query.peek()).toBe(500n);
    expect(await bob.contract(probeAbi, probe.address).query.peek()).toBe(500n);
  });

  it("tells the failure of @migrate as the contract's own, and the old code serves on", async () => {
    await expect(probe.upgrade(successor, { args: { how: 3 } })).rejects.toMatchObject({
      name: "Unwilling",
      args: { how: 3 },
    });
    await expect(probe.upgrade(successor, { args: { how: 1 } })).rejects.toMatchObject({
      code: "HRM1304",
    });
    expect(await probe.query.peek()).toBe(5n);
  });

  it("refuses code that forgets state, unless it migrates or the loss is accepted", async () => {
    const next = await probe.upgrade<Abi>(successor, { args: { how: 0 } });
    await expect(next.upgrade(wasm)).rejects.toMatchObject({
      code: "HRM2009",
      message: expect.stringContaining("- factor: u64") as string,
    });
    const back = await next.upgrade({ wasm, abi: probeAbi }, { acceptLoss: true });
    expect(await back.query.peek()).toBe(500n);
  });

  it("is refused to everybody but the owner", async () => {
    const eve = (await worker.account()).contract(probeAbi, probe.address);
    await expect(eve.upgrade(successor, { args: { how: 0 } })).rejects.toMatchObject({
      code: "HRM1332",
    });
    await expect(eve.freeze()).rejects.toMatchObject({ code: "HRM1332" });
    await expect(eve.destroy()).rejects.toMatchObject({ code: "HRM1332" });
  });
});

describe("Contract.describe()", () => {
  it("tells anybody owner, status and all code that ran", async () => {
    const next = await probe.upgrade<Abi>(successor, { args: { how: 0 } });
    const told = await (await worker.account()).contract(probeAbi, probe.address).describe();
    expect(told).toMatchObject({ status: "live", owner: ann.account, version: 1 });
    expect(told.history).toEqual(
      [probe, next].map(({ deployment }) => ({
        height: deployment?.height,
        codeHash: deployment?.codeHash,
      })),
    );
    await next.freeze();
    expect((await next.describe()).status).toBe("frozen");
    await expect(next.destroy()).rejects.toMatchObject({ code: "HRM1335" });
  });

  it("tells that a contract is gone", async () => {
    const { height } = await probe.destroy();
    expect(height).toBe(worker.operator.height);
    expect((await probe.describe()).status).toBe("destroyed");
    await expect(probe.query.peek()).rejects.toMatchObject({ code: "HRM1336" });
  });
});

describe("AccountClient.upload()", () => {
  it("gives the cluster code that others deploy by its hash", async () => {
    const { codeHash } = await ann.upload(successor);
    expect(codeHash).toMatch(/^[0-9a-f]{64}$/);
    const bob = await worker.account();
    const before = worker.seen.length;
    await bob.deploy({ wasm: successor, abi: abiOf(successor) });
    const sizes = worker.seen.slice(before).map(({ envelope }) => envelope.length);
    expect(Math.max(...sizes)).toBeLessThan(2048);
  });
});
