import hello from "contract:hello";
import { createWorld } from "hermetic/testing";
import { describe, expect, it } from "vitest";

describe("Hello", () => {
  it("keeps each caller's greeting to itself", async () => {
    const world = await createWorld();
    const contract = await world.deploy(hello);
    await contract.as("ann").command.greet({ text: "Good morning!" });
    expect(await contract.as("ann").query.greeting()).toBe("Good morning!");
    expect(await contract.as("bob").query.greeting()).toBe("Hello, stranger!");
    expect(await contract.as("bob").query.count()).toBe(1);
  });

  it("refuses an empty greeting and changes nothing", async () => {
    const world = await createWorld();
    const contract = await world.deploy(hello);
    await expect(contract.command.greet({ text: "" })).toFailWith("GreetingEmpty");
    await expect(() => contract.command.greet({ text: "" })).toChangeNothing();
  });
});
