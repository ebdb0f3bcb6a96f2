/**
 * Worlds from a seed: what chance decides elsewhere is the same whenever the calls are.
 *
 * @module
 */
import { createWorld, type Seed } from "hermetic/testing";
import { describe, expect, it } from "vitest";
import lottery from "contract:lottery";

/** The address, and three draws: one of them after a restart, one by a query. */
async function run(seed?: Seed): Promise<unknown[]> {
  const world = await createWorld(seed === undefined ? {} : { seed });
  const contract = await world.deploy(lottery);
  const first = (await contract.command.draw()).value;
  world.restart();
  const second = (await contract.as("ann").command.draw()).value;
  return [contract.address, first, second, await contract.query.peek()];
}

describe("createWorld({ seed })", () => {
  it("repeats addresses and draws", async () => {
    const once = await run("a");
    expect(new Set(once).size).toBe(once.length);
    expect(await run("a")).toEqual(once);
  });

  it("takes texts and numbers, and each for itself", async () => {
    const runs = [await run("b"), await run(1), await run("1"), await run(0), await run("")];
    expect(new Set(runs.map(([address]) => address)).size).toBe(runs.length);
  });

  it("does not repeat in a world that is restored: what was drawn stays drawn", async () => {
    const world = await createWorld({ seed: 7 });
    const contract = await world.deploy(lottery);
    const snapshot = world.snapshot();
    const before = (await contract.command.draw()).value;
    world.restore(snapshot);
    expect((await contract.command.draw()).value).not.toBe(before);
  });

  it("left out, lets chance decide", async () => {
    expect(await run()).not.toEqual(await run());
  });
});
