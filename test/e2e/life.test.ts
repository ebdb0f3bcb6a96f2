/**
 * The life of a contract on a real worker: through the command, with a clock of its own, and killed in
 * the middle of upgrades.
 *
 * @module
 */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { abiOf, HermeticError, Wallet, type Abi, type Contract } from "#sdk/client/index.ts";
import { fixture as runtimeFixture } from "#test/support/fixtures.ts";
import { hermeticJson, type EndedJson } from "#test/support/hermetic.ts";
import { seeded } from "./support/seeded.ts";
import { account, Site } from "./support/site.ts";

vi.setConfig({ testTimeout: 180_000 });

const HEX64 = /^[0-9a-f]{64}$/;
const ROUNDS = 8;

function sourcePath(name: string): string {
  return join(import.meta.dirname, "..", "runtime", "fixtures", `${name}.ts`);
}

describe("the command, over a contract's life", () => {
  it("estimates, upgrades, inspects, freezes and destroys", async () => {
    const site = new Site(onTestFinished);
    const { url } = await (await site.worker(site.path("data"), ["--tick", "50"])).ready;
    const network = ["--to", url, "--allow-simulated"];
    const [ann, eve] = ["ann", "eve"].map((name) => site.path(`${name}.key`));
    for (const path of [ann, eve]) await hermeticJson(["keys", "new", "--out", path as string]);
    const run = (verb: string, key: string | undefined, ...rest: string[]): Promise<EndedJson> =>
      hermeticJson([verb, ...rest, "--key", key as string, ...network]);
    const built = await Promise.all(
      ["probe", "successor", "clockwork"].map((name) =>
        hermeticJson(["build", sourcePath(name), "--out", site.path("out")]),
      ),
    );
    const [probe, successor, clockwork] = built.map(
      ({ value }) => value as Record<"wasm" | "abi" | "codeHash", string>,
    );
    const uploaded = await run("upload", eve, probe?.wasm as string);
    expect(uploaded).toMatchObject({ status: 0, value: { codeHash: probe?.codeHash } });
    const deployed = await run("deploy", ann, probe?.wasm as string);
    const { address, height } = deployed.value as { address: string; height: number };
    const add = ["add", "amount=5", "--abi", probe?.abi as string];

    const estimate = await run("call", ann, address, ...add, "--estimate");
    expect(estimate).toMatchObject({ status: 0, value: { outcome: "returned" } });
    expect((await run("call", ann, address, ...add)).value.value).toBe("5");

    const upgrade = (key: string | undefined, how: number): Promise<EndedJson> =>
      run("upgrade", key, address, successor?.wasm as string, "--args", `{"how":${how}}`);
    expect(await upgrade(eve, 0)).toMatchObject({
      status: 5,
      value: { error: { code: "HRM1332" } },
    });
    expect(await upgrade(ann, 3)).toMatchObject({
      status: 1,
      value: { error: { name: "Unwilling", args: { how: 3 } } },
    });
    const upgraded = await upgrade(ann, 0);
    expect(upgraded).toMatchObject({ status: 0, value: { address } });
    expect(upgraded.value).toMatchObject({
      codeHash: successor?.codeHash,
      gasUsed: expect.any(Number),
      layout: [{ field: "factor", change: "added", isLossy: false }],
    });
    expect(await run("upgrade", ann, address, probe?.wasm as string)).toMatchObject({
      status: 2,
      value: { error: { code: "HRM2009", message: expect.stringContaining("factor") } },
    });

    const look = await hermeticJson(["inspect", address, ...network]);
    expect(look.value).toMatchObject({
      status: "live",
      owner: expect.stringMatching(HEX64),
      version: 1,
      codeHash: successor?.codeHash,
      history: [
        { height, codeHash: probe?.codeHash },
        { height: upgraded.value.height, codeHash: successor?.codeHash },
      ],
    });

    expect(await run("freeze", ann, address)).toMatchObject({ status: 2 });
    expect(await run("freeze", ann, address, "--yes")).toMatchObject({
      status: 0,
      value: { status: "frozen" },
    });
    expect(await run("destroy", ann, address, "--yes")).toMatchObject({
      status: 5,
      value: { error: { code: "HRM1335" } },
    });

    // Nobody calls it; its time passes all the same.
    const second = await run("deploy", ann, clockwork?.wasm as string);
    const other = second.value.address as string;
    const counted = ["counted", "--abi", clockwork?.abi as string];
    await expect
      .poll(async () => (await run("query", ann, other, ...counted)).value.value, {
        timeout: 60_000,
      })
      .toBeGreaterThan(1);
    const own = await hermeticJson(["inspect", other, "--key", ann as string, ...network]);
    expect(own.value.schedule).toMatchObject({
      plans: [{ method: "tick", every: 3 }],
      runs: expect.arrayContaining([expect.objectContaining({ end: "returned" })]),
    });
    expect(await run("destroy", ann, other, "--yes")).toMatchObject({ status: 0 });
    expect(await run("query", ann, other, ...counted)).toMatchObject({
      status: 5,
      value: { error: { code: "HRM1336" } },
    });
  });
});

it("kill -9 in the middle of upgrades leaves a contract with one code or the other, whole", async () => {
  const random = seeded();
  const site = new Site(onTestFinished);
  const data = site.path("data");
  const [probe, successor] = await Promise.all([
    runtimeFixture("probe"),
    runtimeFixture("successor"),
  ]);
  const wallet = Wallet.generate();
  let worker = await site.worker(data);
  const first = await account((await worker.ready).url, { wallet });
  const { address } = await first.deploy<Abi>(probe);
  await first.contract(abiOf(probe), address).run("add", { amount: 3 });
  // How long an upgrade takes here and now: it is killed within that time, or a little after.
  const startedMs = performance.now();
  await first.contract(abiOf(probe), address).upgrade<Abi>(successor, { args: { how: 0 } });
  const upgradeMs = Math.ceil(performance.now() - startedMs);
  let upgrades = 1;
  for (let round = 0; round < ROUNDS; round++) {
    const client = await account((await worker.ready).url, { wallet, timeoutMs: 5_000 });
    const contract = client.contract(abiOf(probe), address, { followUpgrades: true });
    const before = await contract.describe();
    const going = upgradeOf(contract, before.version % 2 === 0 ? successor : probe);
    await sleep(random.below(2 * upgradeMs));
    await worker.kill();
    const isDone = await going;
    worker = await site.worker(data);
    const reader = await account((await worker.ready).url, { wallet });
    const again = reader.contract(abiOf(probe), address, { followUpgrades: true });
    const { version, history } = await again.describe();
    if (isDone) expect(version).toBe(before.version + 1);
    expect(version - before.version).toBeLessThan(2);
    expect(history).toHaveLength(version + 1);
    const read = await again.read("peek");
    expect(read.proof.codeHash).toBe(history.at(-1)?.codeHash);
    // Every second upgrade multiplies by a hundred, in the same step in which the code changes.
    expect(read.value).toBe(3n * 100n ** BigInt(Math.ceil(version / 2)));
    upgrades = version;
  }
  expect(upgrades).toBeGreaterThan(1);
});

/** @returns Whether it was acknowledged. */
async function upgradeOf(contract: Contract, code: Uint8Array): Promise<boolean> {
  const takesOver = abiOf(code).methods.some(({ kind }) => kind === "migrate");
  try {
    const args = takesOver ? { args: { how: 0 } } : {};
    await contract.upgrade<Abi>(code, { ...args, acceptLoss: true, timeoutMs: 2_000 });
    return true;
  } catch (error) {
    if (error instanceof HermeticError && error.kind === "unreachable") return false;
    throw error;
  }
}
