/**
 * The token: amounts are conserved, and known to those concerned alone.
 *
 * @module
 */
import { createWorld } from "hermetic/testing";
import { beforeEach, describe, expect, it } from "vitest";
import token from "contract:token";

const SUPPLY = 1_000_000n;

async function create(supply = SUPPLY) {
  const world = await createWorld();
  const args = { name: "Example", symbol: "EXA", decimals: 2, supply };
  const contract = await world.deploy(token, { caller: "issuer", args });
  return { world, contract, ann: contract.as("ann"), bob: contract.as("bob") };
}

describe("Token", () => {
  let { world, contract: issuer, ann, bob } = {} as Awaited<ReturnType<typeof create>>;

  const balanceOf = (who: typeof ann) => who.query.balanceOf({ account: who.account });

  beforeEach(async () => {
    ({ world, contract: issuer, ann, bob } = await create());
  });

  it("gives the whole supply to its issuer", async () => {
    expect(await ann.query.info()).toEqual({
      name: "Example",
      symbol: "EXA",
      decimals: 2,
      supply: SUPPLY,
    });
    expect(await balanceOf(issuer)).toBe(SUPPLY);
  });

  it("moves what is transferred, and no more", async () => {
    await issuer.command.transfer({ to: ann.account, amount: 300n });
    await ann.command.transfer({ to: bob.account, amount: 100n });
    expect(await Promise.all([issuer, ann, bob].map(balanceOf))).toEqual([
      SUPPLY - 300n,
      200n,
      100n,
    ]);
  });

  it("changes nothing when somebody pays themselves", async () => {
    await issuer.command.transfer({ to: ann.account, amount: 5n });
    await expect(() => ann.command.transfer({ to: ann.account, amount: 5n })).toChangeNothing();
  });

  it("lets nobody spend more than they have", async () => {
    await issuer.command.transfer({ to: ann.account, amount: 5n });
    const overdraft = () => ann.command.transfer({ to: bob.account, amount: 6n });
    await expect(overdraft).toFailWith("InsufficientBalance", { balance: 5n, needed: 6n });
    await expect(overdraft).toChangeNothing();
  });

  it("refuses the zero account", async () => {
    const to = "00".repeat(32);
    await expect(issuer.command.transfer({ to, amount: 1n })).toFailWith("RecipientInvalid");
    await expect(issuer.command.mint({ to, amount: 1n })).toFailWith("RecipientInvalid");
  });

  it("shows a balance to its account and to chosen viewers, not to the issuer", async () => {
    const look = () => issuer.query.balanceOf({ account: ann.account });
    await expect(look()).toFailWith("NotYours");
    await ann.command.setViewer({ viewer: issuer.account, mayView: true });
    expect(await look()).toBe(0n);
    await ann.command.setViewer({ viewer: issuer.account, mayView: false });
    await expect(look()).toFailWith("NotYours");
  });

  it("lets a spender take what was allowed, once", async () => {
    await issuer.command.approve({ spender: ann.account, amount: 10n });
    const take = (amount: bigint) =>
      ann.command.transferFrom({ from: issuer.account, to: bob.account, amount });
    await take(7n);
    const allowance = { account: issuer.account, spender: ann.account };
    expect(await ann.query.allowance(allowance)).toBe(3n);
    await expect(take(4n)).toFailWith("InsufficientAllowance", { allowance: 3n, needed: 4n });
    await expect(bob.query.allowance(allowance)).toFailWith("NotYours");
    expect(await balanceOf(bob)).toBe(7n);
  });

  it("does not tell a spender how little the owner has", async () => {
    await ann.command.approve({ spender: bob.account, amount: 10n });
    const take = { from: ann.account, to: bob.account, amount: 10n };
    await expect(bob.command.transferFrom(take)).toFailWith("OwnerBalanceTooLow", {});
  });

  it("mints for the issuer alone, and burns", async () => {
    await expect(ann.command.mint({ to: ann.account, amount: 1n })).toFailWith("CALLER_REFUSED");
    await expect(issuer.command.mint({ to: ann.account, amount: 9n })).toHaveEmitted(
      "SupplyChanged",
      { supply: SUPPLY + 9n },
    );
    await expect(ann.command.burn({ amount: 10n })).toFailWith("InsufficientBalance");
    await ann.command.burn({ amount: 9n });
    expect(await ann.query.info()).toMatchObject({ supply: SUPPLY });
  });

  it("never wraps around", async () => {
    const all = 2n ** 128n - 1n;
    const { contract } = await create(all);
    const mint = () => contract.command.mint({ to: ann.account, amount: 1n });
    await expect(mint).toFailWith("SupplyTooLarge");
    await expect(mint).toChangeNothing();
  });

  it("transfers in silence, for little gas", async () => {
    const transfer = issuer.command.transfer({ to: ann.account, amount: 1n });
    await expect(transfer).toCostLessThan(1_000_000);
    expect((await transfer).events).toEqual([]);
  });

  it("goes back to a snapshot", async () => {
    const snapshot = world.snapshot();
    await issuer.command.transfer({ to: ann.account, amount: 1n });
    world.restore(snapshot);
    expect(await balanceOf(issuer)).toBe(SUPPLY);
  });
});

describe("the operator of a token", () => {
  async function run(amount: bigint) {
    const { world, contract, ann } = await create(2n ** 100n);
    await contract.command.transfer({ to: ann.account, amount });
    await ann.query.balanceOf({ account: ann.account });
    await contract.command.approve({ spender: ann.account, amount });
    return world.operatorView();
  }

  it("sees neither amounts nor names", async () => {
    const view = await run(123_456_789_012_345n);
    expect(view.find(123_456_789_012_345n)).toBeUndefined();
    expect(view.find("Example")).toBeUndefined();
  });

  it("sees the same sizes, order and counts whatever the amounts are", async () => {
    expect((await run(1n)).shape()).toEqual((await run(2n ** 99n)).shape());
  });
});
