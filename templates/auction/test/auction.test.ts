import auction from "contract:auction";
import { createWorld } from "hermetic/testing";
import { describe, expect, it } from "vitest";

async function setUp() {
  const world = await createWorld();
  const contract = await world.deploy(auction, { caller: "seller", args: { minutes: 10 } });
  return { world, contract };
}

describe("Auction", () => {
  it("shows bidders their own bids only, and settles for the highest", async () => {
    const { world, contract } = await setUp();
    await contract.as("ann").command.bid({ amount: 50n });
    await contract.as("bob").command.bid({ amount: 70n });
    expect(await contract.as("ann").query.myBid()).toBe(50n);
    expect(await contract.as("seller").query.myBid()).toBe(0n);
    world.time.advance({ minutes: 10 });
    const settled = contract.command.settle();
    await expect(settled).toHaveEmitted("Settled", { winner: world.account("bob"), amount: 70n });
    expect((await settled).value).toEqual({ winner: world.account("bob"), amount: 70n });
  });

  it("refuses a bid that does not raise, and one that is late", async () => {
    const { world, contract } = await setUp();
    await contract.as("ann").command.bid({ amount: 50n });
    await expect(contract.as("ann").command.bid({ amount: 50n })).toFailWith("BidTooLow", {
      minimum: 50n,
    });
    world.time.advance({ minutes: 10 });
    await expect(contract.as("bob").command.bid({ amount: 90n })).toFailWith("AuctionClosed");
  });

  it("is settled by the seller alone, and only when it is over", async () => {
    const { contract } = await setUp();
    await contract.as("ann").command.bid({ amount: 50n });
    await expect(contract.as("ann").command.settle()).toFailWith("CALLER_REFUSED");
    await expect(contract.command.settle()).toFailWith("AuctionOpen");
  });
});
