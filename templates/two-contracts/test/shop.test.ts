import points from "contract:points";
import shop from "contract:shop";
import { createWorld } from "hermetic/testing";
import { describe, expect, it } from "vitest";

async function setUp() {
  const world = await createWorld();
  const club = await world.deploy(points, { caller: "club" });
  const store = await world.deploy(shop, { caller: "shop", args: { points: club.address } });
  return { world, club, store, ann: store.as("ann"), purse: club.as("ann") };
}

describe("Shop", () => {
  it("takes the points and gives the ticket", async () => {
    const { world, club, store, ann, purse } = await setUp();
    await club.command.trust({ shop: store.address });
    await club.command.give({ to: world.account("ann"), points: 130n });
    await ann.command.buy();
    expect(await ann.query.hasTicket()).toBe(true);
    expect(await purse.query.mine()).toBe(30n);
  });

  it("says how many points are missing, and changes nothing", async () => {
    const { world, club, store, ann } = await setUp();
    await club.command.trust({ shop: store.address });
    await club.command.give({ to: world.account("ann"), points: 60n });
    await expect(ann.command.buy()).toFailWith("CannotPay", { missing: 40n });
    await expect(() => ann.command.buy()).toChangeNothing();
  });

  it("fails where the club does not trust it", async () => {
    const { ann } = await setUp();
    await expect(ann.command.buy()).rejects.toThrow("Points.take failed");
    expect(await ann.query.hasTicket()).toBe(false);
  });

  it("keeps members from taking points themselves", async () => {
    const { world, purse } = await setUp();
    const taking = purse.command.take({ from: world.account("bob"), points: 1n });
    await expect(taking).toFailWith("PANIC");
  });
});
