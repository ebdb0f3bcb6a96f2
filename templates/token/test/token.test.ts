import token from "contract:token";
import { createWorld } from "hermetic/testing";
import { describe, expect, it } from "vitest";

async function setUp() {
  const world = await createWorld();
  const contract = await world.deploy(token, { caller: "owner", args: { supply: 1_000n } });
  return { world, contract };
}

describe("Token", () => {
  it("moves tokens from one account to another", async () => {
    const { world, contract } = await setUp();
    await contract.command.transfer({ to: world.account("ann"), amount: 300n });
    expect(await contract.query.balance()).toBe(700n);
    expect(await contract.as("ann").query.balance()).toBe(300n);
    expect(await contract.as("bob").query.balance()).toBe(0n);
    expect(await contract.query.totalSupply()).toBe(1_000n);
  });

  it("refuses to move more than there is", async () => {
    const { world, contract } = await setUp();
    const overdraw = () =>
      contract.as("ann").command.transfer({ to: world.account("bob"), amount: 1n });
    await expect(overdraw()).toFailWith("InsufficientBalance", { balance: 0n, needed: 1n });
    await expect(overdraw).toChangeNothing();
  });

  it("makes nothing out of a transfer to oneself", async () => {
    const { world, contract } = await setUp();
    await contract.command.transfer({ to: world.account("owner"), amount: 400n });
    expect(await contract.query.balance()).toBe(1_000n);
  });
});
