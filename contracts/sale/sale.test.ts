/**
 * A sale for tokens: two contracts, and the money of people who do not trust each other.
 *
 * @module
 */
import { createWorld } from "hermetic/testing";
import { beforeEach, describe, expect, it } from "vitest";
import saleCode from "contract:sale";
import tokenCode from "contract:token";

const KEY = "licence 4711-0815-2342";

async function market() {
  const world = await createWorld();
  const token = await world.deploy(tokenCode, {
    caller: "mint",
    args: { name: "Euro", symbol: "EUR", decimals: 2, supply: 1_000n },
  });
  await token.command.transfer({ to: world.account("ann"), amount: 120n });
  const sale = await world.deploy(saleCode, {
    caller: "seller",
    args: { token: token.address, price: 100n },
  });
  await sale.command.offer({ thing: KEY });
  return { world, token, sale, ann: sale.as("ann"), purse: token.as("ann") };
}

describe("Sale", () => {
  let { world, token, sale, ann, purse } = {} as Awaited<ReturnType<typeof market>>;

  beforeEach(async () => {
    ({ world, token, sale, ann, purse } = await market());
  });

  it("takes the price and gives the thing in one command", async () => {
    await purse.command.approve({ spender: sale.address, amount: 100n });
    const buying = ann.command.buy();
    await expect(buying).toHaveEmitted("Sold", { price: 100n });
    expect((await buying).value).toBe(KEY);
    expect(await ann.query.read()).toBe(KEY);
    const balance = (name: string) =>
      token.as(name).query.balanceOf({ account: world.account(name) });
    expect([await balance("ann"), await balance("seller")]).toEqual([20n, 100n]);
  });

  it("says what is missing, and changes nothing", async () => {
    await purse.command.approve({ spender: sale.address, amount: 30n });
    await expect(ann.command.buy()).toFailWith("PaymentRefused", { missing: 70n });
    await expect(() => ann.command.buy()).toChangeNothing();
  });

  it("does not tell the seller's side how much the buyer has", async () => {
    await token.as("bob").command.approve({ spender: sale.address, amount: 100n });
    const reason = "OwnerBalanceTooLow";
    await expect(sale.as("bob").command.buy()).toFailWith("PaymentRefused", { reason });
  });

  it("sells once", async () => {
    await purse.command.approve({ spender: sale.address, amount: 100n });
    await ann.command.buy();
    await expect(sale.as("bob").command.buy()).toFailWith("AlreadySold");
    await expect(sale.as("bob").query.read()).toFailWith("CALLER_REFUSED");
  });

  it("asks the token for its symbol", async () => {
    expect(await ann.query.currency()).toBe("EUR");
  });

  it("shows the operator neither the thing nor who has paid", async () => {
    await purse.command.approve({ spender: sale.address, amount: 100n });
    await ann.command.buy();
    expect(world.operatorView().contains(KEY)).toBe(false);
    expect(world.operatorView().contains(world.account("ann"))).toBe(false);
  });
});
