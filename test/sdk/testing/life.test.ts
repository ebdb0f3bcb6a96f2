/**
 * The life of a contract in the test kit: the same rules as on a worker, because it is the same code.
 */
import { beforeEach, describe, expect, it } from "vitest";
import { createWorld, type TestContract, type World } from "#sdk/testing/index.ts";
import type { Abi } from "#protocol/abi.ts";
import { fixture } from "#test/support/fixtures.ts";
import { sha256 } from "#test/support/raw-client.ts";

let world: World;
let probe: TestContract;

beforeEach(async () => {
  world = await createWorld();
  probe = await world.deploy<Abi>(await fixture("probe"));
  await probe.command["add"]?.({ amount: 5 });
});

describe("TestContract, over its life", () => {
  it("upgrades: the new handle works, the old one refuses, the state stays", async () => {
    const next = await probe.upgrade<Abi>(await fixture("successor"), { args: { how: 0 } });
    expect(await next.query["peek"]?.()).toBe(500n);
    await expect(probe.query["peek"]?.()).rejects.toMatchObject({ code: "HRM2113" });
    expect((await next.describe()).history).toHaveLength(2);
    expect(world.gas.rows().map(({ method }) => method)).toContain("@migrate");
  });

  it("keeps the old code when @migrate fails, and tells why with a place in the source", async () => {
    const failing = probe.upgrade(await fixture("successor"), { args: { how: 4 } });
    await expect(failing).rejects.toThrow(/no at .*successor\.ts/);
    expect(await probe.query["peek"]?.()).toBe(5n);
  });

  it("estimates commands without running them", async () => {
    const estimate = await probe.estimate["add"]?.({ amount: 1 });
    expect(estimate?.outcome).toBe("returned");
    expect(estimate?.gasUsed).toBeGreaterThan(1000);
    const failing = await probe.estimate["addAtMost"]?.({ amount: 1, most: 0 });
    expect(failing?.outcome).toBe("failed");
    expect((await probe.estimate["stop"]?.({ how: 1 }))?.outcome).toBe("HRM1304");
    expect(await probe.query["peek"]?.()).toBe(5n);
  });

  it("is changed by its deployer alone", async () => {
    const upgrade = probe.as("eve").upgrade(await fixture("successor"), { args: { how: 0 } });
    await expect(upgrade).rejects.toMatchObject({ code: "HRM1332" });
  });

  it("runs what is planned as heights pass", async () => {
    const clockwork = await world.deploy<Abi>(await fixture("clockwork"));
    world.pass(3);
    expect(await clockwork.query["counted"]?.()).toBe(1);
    await clockwork.command["behave"]?.({ how: 3 });
    world.pass(2);
    const { plans, runs } = await clockwork.schedule();
    expect(plans).toMatchObject([{ method: "tick", every: 3, failures: 1 }]);
    expect(runs.map(({ end }) => end)).toEqual(["returned", "Stuck"]);
  });

  it("runs what is planned with its arguments", async () => {
    const clockwork = await world.deploy<Abi>(await fixture("clockwork"));
    await clockwork.command["planNotes"]?.({ heights: 2, words: ["a", "\u{feff}ä"] });
    const { plans } = await clockwork.schedule();
    expect(plans.map(({ method }) => method)).toEqual(
      expect.arrayContaining(["note", "note", "behave"]),
    );
    world.pass(4);
    expect(await clockwork.query["noted"]?.()).toBe("a!3 \u{feff}ä!3 ");
  });

  it("makes contracts and upgrades itself, and handles lead to what came of it", async () => {
    const code = await fixture("foundry");
    const foundry = await world.deploy<Abi>(code, { args: { how: 0, code: new Uint8Array(32) } });
    const salt = new Uint8Array(1);
    const made = await foundry.command["make"]?.({ code: sha256(code), salt, how: 0 });
    const child = world.contract<Abi>(code, made?.value as string);
    expect(await child.query["by"]?.()).toBe(foundry.address);
    const refused = foundry.command["make"]?.({ code: sha256(code), salt, how: 0 });
    await expect(refused).rejects.toThrow("contracts.instantiate failed: HRM1322");
    const successor = await fixture("successor");
    await world.deploy<Abi>(successor);
    const next = { code: sha256(successor), method: "takeOver", how: 0 };
    await child.command["become"]?.(next);
    const grown = world.contract<Abi>(successor, child.address);
    expect(await grown.query["peek"]?.()).toBe(700n);
    const failing = foundry.command["become"]?.({ ...next, how: 4 });
    await expect(failing).rejects.toMatchObject({ code: "HRM1305" });
    const unwilling = foundry.command["become"]?.({ ...next, how: 3 });
    await expect(unwilling).rejects.toThrow("contracts.upgrade failed: Unwilling");
    expect(await foundry.query["peek"]?.()).toBe(0n);
  });

  it("freezes and is destroyed", async () => {
    const other = await world.deploy<Abi>(await fixture("probe"));
    await probe.freeze();
    await expect(probe.destroy()).rejects.toMatchObject({ code: "HRM1335" });
    await other.destroy();
    await expect(other.query["peek"]?.()).rejects.toMatchObject({ code: "HRM1336" });
    expect(world.states().has(other.address)).toBe(false);
    world.restart();
    expect(await probe.query["peek"]?.()).toBe(5n);
    expect((await other.describe()).status).toBe("destroyed");
  });
});
