/**
 * Contracts that call each other in a world, as they are written.
 */
import { createWorld } from "hermetic/testing";
import { beforeEach, describe, expect, it } from "vitest";
import audienceCode from "contract:audience";
import heraldCode from "contract:herald";
import mirrorCode from "contract:mirror";
import robberCode from "contract:robber";
import vaultCode from "contract:vault";

async function town() {
  const world = await createWorld();
  const vault = await world.deploy(vaultCode, { caller: "bank" });
  const robber = await world.deploy(robberCode, { caller: "rob", args: { vault: vault.address } });
  return { world, vault, robber };
}

describe("contracts.at()", () => {
  let { world, vault, robber } = {} as Awaited<ReturnType<typeof town>>;

  beforeEach(async () => {
    ({ world, vault, robber } = await town());
  });

  it("calls another contract as the contract that calls", async () => {
    expect((await robber.command.store({ amount: 7n })).value).toBe(7n);
    expect(await robber.query.balance()).toBe(7n);
    expect(await vault.query.total()).toBe(7n);
    // The account behind the call holds nothing: the contract does.
    expect(await vault.as("rob").query.balance()).toBe(0n);
  });

  it("fails with the other contract, naming the error but not what it holds", async () => {
    const failing = robber.command.insist();
    await expect(failing).toFailWith("PANIC");
    await expect(failing).rejects.toThrow("Vault.withdraw failed: NothingHeld");
    await expect(() => robber.command.insist()).toChangeNothing();
  });

  it("gives failures as values, or hands them on", async () => {
    expect((await robber.command.ask()).value).toBe("0");
    await expect(robber.command.complain()).toFailWith("NothingHeld", { asked: 0n });
  });

  it("lets no query write through another contract", async () => {
    await expect(robber.query.sneak()).rejects.toThrow("Vault.store failed: HRM1309");
  });

  it("shows public events of the other contract, and private ones to nobody", async () => {
    await robber.command.store({ amount: 7n });
    const robbing = robber.command.rob({ greed: 0, isCareless: false });
    await expect(robbing).toHaveEmitted("Paid", { to: robber.address, amount: 7n });
    const { events, otherEvents } = await robber.command.store({ amount: 1n });
    expect([events, otherEvents]).toEqual([[], []]);
    const { caller, events: seen } = world.calls.at(-1) ?? {};
    expect([caller, seen]).toEqual([robber.address, [{ name: "Stored", args: { amount: 1n } }]]);
    await expect(vault.command.store({ amount: 1n })).toHaveEmitted("Stored", { amount: 1n });
  });
});

describe("re-entrancy", () => {
  it("is refused, so that a payment is made once", async () => {
    const { world, vault, robber } = await town();
    await vault.as("ann").command.store({ amount: 93n });
    await robber.command.store({ amount: 7n });
    const { value } = await robber.command.rob({ greed: 5, isCareless: false });
    expect(value).toBe(7n);
    expect(await vault.query.total()).toBe(93n);
    expect(world.calls.map(({ contract, method, end }) => [contract, method, end])).toEqual([
      ["Vault", "store", "returned"],
      ["Robber", "receive", "returned"],
      ["Vault", "withdraw", "returned"],
    ]);
    // Private to the vault, which called; a test sees it.
    expect(world.logs.map(({ contract, text }) => [contract, text])).toEqual([
      ["Robber", "again"],
      ["Robber", "HRM1328"],
    ]);
  });

  it("is possible where a method allows it: then the same attack takes more", async () => {
    const { vault, robber } = await town();
    await vault.as("ann").command.store({ amount: 93n });
    await robber.command.store({ amount: 7n });
    const { value } = await robber.command.rob({ greed: 2, isCareless: true });
    expect(value).toBe(21n);
    expect(await vault.query.total()).toBe(79n);
  });

  it("survives a crash and a replay with the same digest", async () => {
    const { world, vault, robber } = await town();
    await robber.command.store({ amount: 7n });
    await robber.command.rob({ greed: 2, isCareless: true });
    const before = world.states();
    const calls = world.calls.length;
    world.restart({ rebuild: true });
    expect(world.calls).toHaveLength(calls);
    expect(world.states()).toEqual(before);
    expect(await robber.query.stolen()).toBe(21n);
    expect(await vault.query.total()).not.toBe(7n);
  });
});

describe("fields of a contract that is called while it calls", () => {
  it("are seen by the inner call, and seen again after it", async () => {
    const world = await createWorld();
    const mirror = await world.deploy(mirrorCode);
    expect((await mirror.command.surround()).value).toEqual([1n, 2n, 3n]);
    expect(await mirror.query.counted()).toBe(1_111n);
  });

  it("are never lost: a value changed on both sides fails the call", async () => {
    const world = await createWorld();
    const mirror = await world.deploy(mirrorCode);
    await expect(mirror.command.forget()).rejects.toThrow("'items' was changed here and by a call");
    await expect(() => mirror.command.forget()).toChangeNothing();
  });

  it("are as before when the inner call fails", async () => {
    const world = await createWorld();
    const mirror = await world.deploy(mirrorCode);
    expect((await mirror.command.attempt()).value).toBe(1n);
    expect(await mirror.query.counted()).toBe(1n);
  });
});

describe("HTTP through another contract", () => {
  const URL = "https://news.example/today";
  async function hall() {
    const world = await createWorld();
    const herald = await world.deploy(heraldCode, { secrets: { key: "sesame" } });
    const audience = await world.deploy(audienceCode, { args: { herald: herald.address } });
    return { world, herald, audience };
  }

  it("is recorded for a command and replayed, state of both included", async () => {
    const { world, herald, audience } = await hall();
    world.http.get(URL).reply(200, "rain").times(1);
    expect((await audience.command.listen({ url: URL })).value).toBe("rain");
    expect(await herald.query.count()).toBe(1);
    world.restart({ rebuild: true });
    expect(await herald.query.count()).toBe(1);
  });

  it("waits in a query", async () => {
    const { world, audience } = await hall();
    world.http.get(URL).reply(200, "sun").times(1);
    expect(await audience.query.peek({ url: URL })).toBe("sun");
  });

  it("leaves each contract its own secrets and random bytes", async () => {
    const { audience } = await hall();
    const [one = "", two = "", own, random] = (await audience.command.compare()).value;
    expect(one.startsWith("sesame ")).toBe(true);
    expect(two).not.toBe(one);
    expect(own).toBe("none");
    expect(random).toMatch(/^\d+$/);
  });

  it("hands a secret over as it was set, with whatever it begins", async () => {
    const world = await createWorld();
    const herald = await world.deploy(heraldCode, { secrets: { key: "\u{feff}sesame" } });
    expect((await herald.command.own()).value.startsWith("\u{feff}sesame ")).toBe(true);
  });
});
