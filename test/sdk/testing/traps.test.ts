/**
 * A trap has no words of its own: what it tells is the line of the contract where it happened.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createWorld } from "hermetic/testing";
import workshop from "contract:workshop";

const source = readFileSync(new URL("fixtures/contracts/workshop.ts", import.meta.url), "utf8");

/** The line on which a text stands, counted from 1. */
function lineOf(text: string): number {
  return source.split("\n").findIndex((line) => line.includes(text)) + 1;
}

describe("a call that traps", () => {
  it("has the contract's line on top of its stack", async () => {
    const world = await createWorld();
    const contract = await world.deploy(workshop, { args: { total: 1n } });
    const error: unknown = await contract.command.divide({ by: 0n }).catch((reason) => reason);
    expect(error).toMatchObject({ code: "HRM1304" });
    const [, first] = (error as Error).stack?.split("\n    at ") ?? [];
    expect(first).toMatch(new RegExp(`workshop\\.ts:${lineOf("this.total / by")}:\\d+`));
  });
});
