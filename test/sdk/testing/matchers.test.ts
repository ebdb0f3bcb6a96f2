/**
 * The matchers: each must pass, and must fail with words that help.
 *
 * @module
 */
import { createWorld, type World } from "hermetic/testing";
import { beforeEach, describe, expect, it } from "vitest";
import workshop from "contract:workshop";

/** The message with which an assertion fails. */
async function failureOf(assertion: unknown): Promise<string> {
  try {
    await assertion;
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("the assertion passed");
}

describe("matchers", () => {
  let world: World;
  let contract: Awaited<ReturnType<typeof open>>;

  const open = () => world.deploy(workshop, { args: { total: 5n } });

  beforeEach(async () => {
    world = await createWorld();
    contract = await open();
  });

  describe("toFailWith()", () => {
    it("takes a promise, a function and an error", async () => {
      await expect(contract.command.refuse({ code: 7 })).toFailWith("Refused");
      await expect(() => contract.command.refuse({ code: 7 })).toFailWith("Refused");
      const error: unknown = await contract.query.fail().catch((failure: unknown) => failure);
      await expect(error).toFailWith("Refused", { code: 1, reason: "query" });
    });

    it("compares the fields that are given", async () => {
      await expect(contract.command.refuse({ code: 7 })).toFailWith("Refused", { code: 7 });
      const wrong = expect(contract.command.refuse({ code: 7 })).toFailWith("Refused", { code: 8 });
      expect(await failureOf(wrong)).toContain("Refused with other fields");
      await expect(contract.command.refuse({ code: 7 })).toFailWith("Refused", {
        reason: expect.stringContaining("cause") as string,
      });
    });

    it("knows faults by name and by code", async () => {
      await expect(contract.command.panic()).toFailWith("PANIC");
      await expect(contract.command.panic()).toFailWith("HRM1305");
    });

    it("says what came instead", async () => {
      const returned = expect(contract.command.add({ amount: 1n })).toFailWith("Refused");
      expect(await failureOf(returned)).toBe("expected Refused, but the call returned 6n");
      const failed = expect(contract.command.panic()).toFailWith("Refused");
      expect(await failureOf(failed)).toMatch(
        /^expected Refused, but got PANIC: .*the workshop is on fire/,
      );
      const negated = expect(contract.command.panic()).not.toFailWith("PANIC");
      expect(await failureOf(negated)).toBe("expected anything but PANIC");
    });

    it("is not satisfied by a mistake in the test", async () => {
      const mistake = expect(contract.command.add({ amount: -1n })).toFailWith("HRM2001");
      expect(await failureOf(mistake)).toContain("amount");
    });
  });

  describe("toHaveEmitted()", () => {
    it("takes a promise and a result", async () => {
      const result = await contract.command.add({ amount: 1n });
      await expect(result).toHaveEmitted("Added");
      await expect(contract.command.add({ amount: 1n })).toHaveEmitted("Added", { total: 7n });
    });

    it("says what was emitted instead", async () => {
      const { add, rewrite } = contract.command;
      expect(await failureOf(expect(add({ amount: 1n })).toHaveEmitted("Shouted"))).toBe(
        "expected event Shouted, but the call emitted Added",
      );
      expect(await failureOf(expect(rewrite()).toHaveEmitted("Added"))).toContain(
        "emitted nothing",
      );
      const other = expect(add({ amount: 1n })).toHaveEmitted("Added", { total: 0n });
      expect(await failureOf(other)).toContain("Added was emitted with other fields");
    });

    it("fails with the call when that fails", async () => {
      const failed = expect(contract.command.panic()).toHaveEmitted("Added");
      expect(await failureOf(failed)).toContain("the workshop is on fire");
    });

    it("refuses a value that can have no events", async () => {
      const misused = expect(contract.query.sum()).toHaveEmitted("Added");
      expect(await failureOf(misused)).toContain("HRM5011");
    });
  });

  describe("toChangeNothing()", () => {
    it("passes for failed commands, queries and writes of the same value", async () => {
      await contract.command.add({ amount: 1n });
      await expect(() => contract.command.refuse({ code: 1 })).toChangeNothing();
      await expect(() => contract.command.panic()).toChangeNothing();
      await expect(() => contract.command.rewrite()).toChangeNothing();
      await expect(contract.query.sum()).toChangeNothing();
    });

    it("names every change in the contract's words", async () => {
      const message = await failureOf(
        expect(() => contract.as("ann").command.add({ amount: 2n })).toChangeNothing(),
      );
      expect(message).toContain('Workshop.total: "5" → "7"');
      expect(message).toContain(`Workshop.shares[${world.account("ann")}]: absent → "2"`);
    });

    it("sees a new contract, and can be negated", async () => {
      await expect(() => open()).not.toChangeNothing();
      const negated = expect(() => contract.query.sum()).not.toChangeNothing();
      expect(await failureOf(negated)).toContain("but it changed nothing");
    });
  });

  describe("toCostLessThan()", () => {
    it("takes results, failures and detailed queries", async () => {
      const { gasUsed } = await contract.command.add({ amount: 1n });
      await expect(contract.command.add({ amount: 1n })).toCostLessThan(gasUsed * 2);
      await expect(contract.command.refuse({ code: 1 })).toCostLessThan(10_000_000n);
      await expect(contract.query.sum.detailed()).toCostLessThan(10_000_000);
      await expect(contract.command.add({ amount: 1n })).not.toCostLessThan(1);
    });

    it("says what it cost", async () => {
      const dear = expect(contract.command.add({ amount: 1n })).toCostLessThan(10);
      expect(await failureOf(dear)).toMatch(
        /^expected a call of less than 10 gas, but it used \d+$/,
      );
      const misused = expect(contract.query.sum()).toCostLessThan(10);
      expect(await failureOf(misused)).toContain("query.method.detailed()");
    });
  });
});
