/**
 * `hermetic test -v` to `-vvvv`: what it shows of the calls of a test, and what it leaves out.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { hermetic } from "#test/support/hermetic.ts";
import { ScratchProject } from "#test/support/scratch-project.ts";

// Every run is a process of its own, with processes of its own.
vi.setConfig({ testTimeout: 600_000 });

const TEST = `
import { createWorld } from "hermetic/testing";
import { expect, it } from "vitest";
import robberCode from "contract:robber";
import vaultCode from "contract:vault";

it("robs", async () => {
  const world = await createWorld();
  const vault = await world.deploy(vaultCode, { caller: "bank" });
  const robber = await world.deploy(robberCode, { caller: "rob", args: { vault: vault.address } });
  await robber.command.store({ amount: 7n });
  await robber.as("ann").command.rob({ greed: 1, isCareless: false });
  await expect(robber.command.insist()).toFailWith("PANIC");
  await robber.estimate.store({ amount: 12345n });
});

it("asks", async () => {
  const world = await createWorld();
  const vault = await world.deploy(vaultCode);
  expect(await vault.query.total()).toBe(0n);
});
`;

describe("hermetic test -v", () => {
  let project: ScratchProject;
  const env = { NO_COLOR: "1", FORCE_COLOR: "0" };
  const run = async (flag: string): Promise<string> => {
    const { status, stdout } = await hermetic(["test", flag], { cwd: project.path, env });
    expect(status, stdout).toBe(0);
    // What is in a line, whatever it cost.
    return stdout.replaceAll(/ {2}[\d,]+ gas$/gm, "  GAS");
  };

  beforeAll(() => {
    project = new ScratchProject();
    for (const name of ["robber", "vault"]) {
      const file = join(import.meta.dirname, `../fixtures/contracts/${name}.ts`);
      project.write(`contracts/${name}.ts`, readFileSync(file, "utf8"));
    }
    project.write("bank.test.ts", TEST);
  });

  afterAll(() => project.dispose());

  it("shows the calls of each test at level 2, behind its name", async () => {
    const output = await run("-vv");
    const block = /bank\.test\.ts > robs.*\n((?: {5}.*\n)+)/.exec(output)?.[1];
    expect(block).toBe(`     bank → Vault.init [init]
     rob → Robber.plan [init]
     rob → Robber.store
       Vault.store
     ann → Robber.rob
       Vault.withdraw
         Robber.receive
     rob → Robber.insist  ✗ PANIC HRM1305: Vault.withdraw failed: NothingHeld
       Vault.withdraw  ✗ NothingHeld(asked: 0)
`);
    expect(output).toMatch(
      /> asks.*\n {5}owner → Vault\.init \[init\]\n {5}owner → Vault\.total \[query\]\n/,
    );
  });

  it("shows everything at level 4", async () => {
    const output = await run("-vvvv");
    expect(output).toContain(`     rob → Robber.store(amount: 7)  GAS
       state.get vault (34 bytes)  GAS
       Vault.store(amount: 7)  GAS
         context.caller  GAS
         state.get held[Robber] (none)  GAS
         state.set held[Robber] (1 bytes)  GAS
         state.get coins (none)  GAS
         events.emit Stored  GAS
         state.set coins (1 bytes)  GAS
         emits Stored(amount: 7)
         ← 7
       ← 7
`);
    expect(output).toContain("contracts.call  GAS");
    expect(output).toContain("logs warn: HRM1328");
    expect(output).toContain("owner → Vault.total() [query]  GAS");
    // An estimate is nothing that has happened.
    expect(output).not.toContain("12345");
  });

  it("shows no call at level 1", async () => {
    const output = await run("-v");
    expect(output).toContain("> robs");
    expect(output).not.toContain("→");
  });
});
