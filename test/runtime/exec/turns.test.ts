/**
 * Whose slice comes when.
 *
 * @module
 */
import { describe, expect, it } from "vitest";
import { Turns } from "#exec/turns.ts";

const nextTurn = () => new Promise<void>((resolve) => void setImmediate(resolve));

/** Runs a call of some slices and notes each. */
async function call(turns: Turns, contract: string, slices: number, seen: string[]): Promise<void> {
  for (let slice = 0; slice < slices; slice++) {
    await turns.next(contract);
    seen.push(contract);
  }
}

describe("Turns", () => {
  it("gives each contract a slice in its turn, however many calls it has", async () => {
    const turns = new Turns(nextTurn);
    const seen: string[] = [];
    const greedy = Array.from({ length: 10 }, () => call(turns, "a", 3, seen));
    await Promise.all([...greedy, call(turns, "b", 3, seen), call(turns, "c", 2, seen)]);
    expect(seen).toHaveLength(35);
    expect(seen.slice(0, 8)).toEqual(["a", "b", "c", "a", "b", "c", "a", "b"]);
  });

  it("gives the calls of one contract their slices in order of arrival", async () => {
    const turns = new Turns(nextTurn);
    const seen: string[] = [];
    const one = async (name: string) => {
      for (let slice = 0; slice < 2; slice++) {
        await turns.next("a");
        seen.push(name);
      }
    };
    await Promise.all([one("1"), one("2"), one("3")]);
    expect(seen).toEqual(["1", "2", "3", "1", "2", "3"]);
  });

  it("gives every second slice to the command that all others wait for", async () => {
    const turns = new Turns(nextTurn);
    const seen: string[] = [];
    const command = async (slices: number) => {
      for (let slice = 0; slice < slices; slice++) {
        await turns.nextOfLog();
        seen.push("!");
      }
    };
    const queries = ["a", "b", "c"].map((contract) => call(turns, contract, 3, seen));
    await Promise.all([...queries, command(6)]);
    expect(seen.join("")).toBe("!a!b!c!a!b!cabc");
    await command(2);
    expect(seen.slice(-2)).toEqual(["!", "!"]);
  });

  it("takes in what has arrived between two slices", async () => {
    const turns = new Turns(nextTurn);
    let arrived = 0;
    const timer = setInterval(() => arrived++, 1);
    const seen: string[] = [];
    const spin = async () => {
      for (let slice = 0; slice < 20; slice++) {
        await turns.next("a");
        const end = performance.now() + 2;
        while (performance.now() < end);
      }
    };
    await Promise.all([spin(), call(turns, "b", 1, seen)]);
    clearInterval(timer);
    expect(arrived).toBeGreaterThan(5);
    expect(seen).toEqual(["b"]);
  });

  it("goes on after it had nothing to do", async () => {
    const turns = new Turns(nextTurn);
    const seen: string[] = [];
    await call(turns, "a", 1, seen);
    await nextTurn();
    await call(turns, "a", 1, seen);
    expect(seen).toEqual(["a", "a"]);
  });
});
