/**
 * The auction, from its rules to what its operator may see.
 *
 * @module
 */
import { createWorld } from "hermetic/testing";
import { beforeEach, describe, expect, it } from "vitest";
import auction from "contract:auction";

const RATES_URL = "https://api.frankfurter.dev/v1/latest?base=EUR&symbols=USD";

async function open() {
  const world = await createWorld();
  const contract = await world.deploy(auction, { caller: "owner", args: { minutes: 10 } });
  return { world, contract, ann: contract.as("ann"), bob: contract.as("bob") };
}

describe("Auction", () => {
  let { world, contract, ann, bob } = {} as Awaited<ReturnType<typeof open>>;

  beforeEach(async () => {
    ({ world, contract, ann, bob } = await open());
  });

  it("sells to the highest bidder, at a rate from the web", async () => {
    const rates = { date: "2030-01-01", rates: { USD: 1.25 } };
    world.http.get(RATES_URL).reply(200, rates).times(1);
    await ann.command.bid({ amount: 5_000n });
    await bob.command.bid({ amount: 7_000n });
    world.time.advance({ minutes: 10 });

    const settling = contract.command.settle();

    await expect(settling).toHaveEmitted("Settled", { winner: bob.account, amount: 7_000n });
    expect((await settling).value).toBe(bob.account);
    expect(await ann.query.winner()).toEqual({
      winner: bob.account,
      amount: 7_000n,
      currency: "USD",
      converted: 8_750n,
      rate: 1_250_000n,
      rateDate: "2030-01-01",
    });
  });

  it("shows a bid to its bidder and to nobody else", async () => {
    await ann.command.bid({ amount: 5_000n });
    expect(await ann.query.myBid()).toEqual({ amount: 5_000n, at: world.time.now() });
    expect(await bob.query.myBid()).toBeNull();
    expect(await contract.query.myBid()).toBeNull();
  });

  it("tells that a bid is in, and counts a raised one once", async () => {
    await expect(ann.command.bid({ amount: 1n })).toHaveEmitted("BidPlaced", { count: 1 });
    await expect(ann.command.bid({ amount: 2n })).toHaveEmitted("BidPlaced", { count: 1 });
    await expect(bob.command.bid({ amount: 1n })).toHaveEmitted("BidPlaced", { count: 2 });
  });

  it("refuses a bid that is not above the bidder's own", async () => {
    await ann.command.bid({ amount: 50n });
    await expect(ann.command.bid({ amount: 50n })).toFailWith("BidTooLow", { minimum: 50n });
    await expect(bob.command.bid({ amount: 0n })).toFailWith("BidTooLow", { minimum: 0n });
    await expect(() => ann.command.bid({ amount: 49n })).toChangeNothing();
  });

  it("takes the last bid one second before it closes", async () => {
    const closedAt = await contract.query.closing();
    world.time.set(closedAt - 1n);
    await ann.command.bid({ amount: 1n });
    world.time.advance({ seconds: 1 });
    await expect(bob.command.bid({ amount: 2n })).toFailWith("AuctionClosed", { closedAt });
  });

  it("lets the owner alone close and settle", async () => {
    await expect(ann.command.close()).toFailWith("CALLER_REFUSED");
    await expect(ann.command.settle()).toFailWith("CALLER_REFUSED");
    await expect(contract.command.settle()).toFailWith("NotClosed");
    await contract.command.close();
    await expect(contract.command.settle()).toFailWith("NoBids");
  });

  it("stays open to settle when the rate service fails", async () => {
    await ann.command.bid({ amount: 50n });
    await contract.command.close();

    world.http.get(RATES_URL).reply(503).times(1);
    await expect(() => contract.command.settle()).toChangeNothing();
    world.http.get(RATES_URL).fail("timeout").times(1);
    await expect(contract.command.settle()).toFailWith("RateUnavailable", { reason: "timeout" });
    world.http.get(RATES_URL).reply(200, { rates: {} }).times(1);
    await expect(contract.command.settle()).toFailWith("RateUnavailable", { reason: "no-rate" });

    world.http.get(RATES_URL).reply(200, { rates: { USD: 2 } });
    await contract.command.settle();
    await expect(contract.command.settle()).toFailWith("AlreadySettled");
  });

  it("keeps bids through a crash of the worker", async () => {
    await ann.command.bid({ amount: 50n });
    world.restart();
    expect(await ann.query.myBid()).toMatchObject({ amount: 50n });
  });
});

describe("the operator of an auction", () => {
  /** One whole auction, in which a certain bid loses. */
  async function run(losing: bigint) {
    const { world, contract, ann, bob } = await open();
    world.http.get(RATES_URL).reply(200, { date: "2030-01-01", rates: { USD: 1.25 } });
    await ann.command.bid({ amount: losing });
    await bob.command.bid({ amount: 9_000_000_000n });
    await ann.query.myBid();
    await contract.command.close();
    await contract.command.settle();
    return world.operatorView();
  }

  it("never sees a losing bid, nor what the rate service answered", async () => {
    const view = await run(4_123_456_789n);
    expect(view.find(4_123_456_789n)).toBeUndefined();
    expect(view.find("rates")).toBeUndefined();
  });

  it("sees who is asked for the rate, but not the address in full", async () => {
    const view = await run(4_123_456_789n);
    expect(view.egress).toMatchObject([{ host: "api.frankfurter.dev", port: 443 }]);
    expect(view.contains("api.frankfurter.dev")).toBe(true);
    expect(view.contains("base=EUR")).toBe(false);
  });

  it("sees the same sizes, order and counts whatever the losing bid is", async () => {
    expect((await run(4_123_456_789n)).shape()).toEqual((await run(4_987_654_321n)).shape());
  });
});
