/**
 * `toLookTheSame`: it must tell every kind of leak apart, or passing it would mean nothing.
 *
 * @module
 */
import { createWorld, secretPair, type World } from "hermetic/testing";
import { describe, expect, it } from "vitest";
import workshop from "contract:workshop";

const open = (world: World) => world.deploy(workshop, { args: { total: 1n } });

async function failureOf(assertion: Promise<void>): Promise<string> {
  try {
    await assertion;
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("the assertion passed");
}

describe("toLookTheSame()", () => {
  it("passes for values that only the contract sees, in state, results, logs and failures", async () => {
    const pair = secretPair([1n, 2n ** 60n], async (world, amount) => {
      const contract = await open(world);
      await contract.as("ann").command.add({ amount });
      await contract.query.sum();
      await contract.command.say({ text: `${amount % 7n}` });
      await expect(contract.command.refuse({ code: Number(amount % 7n) })).toFailWith("Refused");
      world.checkpoint();
    });
    await expect(pair).toLookTheSame();
  });

  it("finds another size", async () => {
    const pair = secretPair(["a", "a".repeat(5000)], async (world, text) => {
      await (await open(world)).command.say({ text });
    });
    const message = await failureOf(expect(pair).toLookTheSame());
    expect(message).toMatch(/^expected the secrets to look the same to an operator, but\n/);
    expect(message).toMatch(/ {2}\d+: → request, \d+ bytes {2}\| {2}→ request, \d+ bytes/);
    await expect(pair).not.toLookTheSame();
  });

  it("finds another number and order of messages", async () => {
    const pair = secretPair([1, 2], async (world, calls) => {
      const contract = await open(world);
      for (let i = 0; i < calls; i++) await contract.command.add({ amount: 1n });
    });
    const message = await failureOf(expect(pair).toLookTheSame());
    expect(message).toMatch(/\d+ messages with the first secret, \d+ with the second/);
  });

  it("finds another host and another size of what is sent there", async () => {
    const pair = secretPair(["https://a.example/", "https://b.example/"], async (world, url) => {
      world.http.get(url).reply(200, "yes");
      await (await open(world)).query.ask({ url });
    });
    expect(await failureOf(expect(pair).toLookTheSame())).toContain("a.example:443");
  });

  it("finds work that depends on the secret, above a tolerance", async () => {
    const pair = secretPair([1000, 2000], async (world, rounds) => {
      await (await open(world)).command.grind({ rounds });
    });
    expect(await failureOf(expect(pair).toLookTheSame())).toMatch(
      /Workshop\.grind: \d+ gas {2}\| {2}\d+ gas \(\d+\.\d % apart\)/,
    );
    await expect(pair).toLookTheSame({ gasTolerance: 2 });
  });

  it("finds a secret that can be read", async () => {
    const pair = secretPair(["swordfish", "albacores"], async (world, text) => {
      await (await open(world)).command.shout({ text });
    });
    const message = await failureOf(expect(pair).toLookTheSame());
    expect(message).toContain("the first secret can be read in frame");
    expect(message).toContain("the second secret can be read in frame");
  });

  it("fails with the story, and refuses what is no pair", async () => {
    const pair = secretPair([1, 2], async (world) => {
      await (await open(world)).command.panic();
    });
    expect(await failureOf(expect(pair).toLookTheSame())).toContain("the workshop is on fire");
    const world = await createWorld();
    expect(await failureOf(expect(world).toLookTheSame())).toContain("HRM5011");
  });
});
