/**
 * Goal: no call can tell whether its instance is new or restored, whatever others did in it before.
 *
 * Method: random contracts that show all they find and change all they can, called in random sequences that end in
 * every way, at any gas; once in instances that serve again and once in new ones only. What the calls come to,
 * with every byte of memory at their end, must be the same.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  AMPLE,
  eachAlone,
  play,
  playAsync,
  steps,
  told,
  twins,
  waitingSteps,
  wayOf,
} from "#test/support/restored-twins.ts";
import { scripted, scriptedCore } from "#test/support/scripted-contract.ts";

const RUNS = Number(process.env["RESTORED_RUNS"] ?? 40);
/** Ends that are sure to be among those of so many calls. */
const COMMON = ["returned", "TRAP", "OUT_OF_GAS"];

describe("calls in instances that serve again", () => {
  it("property: come to what calls in new instances come to, one after another", () => {
    let [calls, made] = [0, 0];
    const ways = new Set<string>();
    const property = fc.property(scripted, steps, (contract, list) => {
      const core = scriptedCore(contract);
      const { again, fresh } = twins(core);
      const { fresh: ample } = twins(core);
      for (const step of list) {
        const { outcome } = play(ample, { ...step, sliceGas: undefined }, AMPLE);
        const used = typeof outcome === "number" ? AMPLE : outcome.gasUsed;
        // All that it needs, or the least that is too little, or any part of it.
        const gas = step.part === 1 ? used - (step.args % 2) : Math.floor(used * step.part);
        const expected = play(fresh, step, gas);
        expect(play(again, step, gas)).toEqual(expected);
        ways.add(wayOf(expected));
      }
      expect(again.left).toEqual(fresh.left);
      calls += list.length;
      made += again.made;
    });
    fc.assert(property, { numRuns: RUNS });
    for (const way of COMMON) expect(ways).toContain(way);
    expect(made).toBeLessThan(calls);
  }, 60_000);

  it("property: come to it while others wait, run in slices, and are ended while they wait", async () => {
    let [calls, made] = [0, 0];
    const ways = new Set<string>();
    const property = fc.asyncProperty(scripted, waitingSteps, async (contract, list) => {
      const core = scriptedCore(contract);
      const { again, fresh } = twins(core, { isResumable: true });
      const { fresh: whole } = twins(core);
      const alone = await eachAlone(
        list,
        (step) => playAsync(fresh, step),
        (step) => play(whole, step, Math.floor(AMPLE * step.part)),
      );
      for (const one of alone) {
        ways.add(wayOf(one.live));
        if (one.whole !== undefined) expect(told(one.whole)).toEqual(told(one.live));
      }
      const overlapping = await Promise.all(list.map((step) => playAsync(again, step)));
      expect(overlapping).toEqual(alone.map(({ live }) => live));
      expect(again.left.toSorted()).toEqual(fresh.left.toSorted());
      calls += list.length;
      made += again.made;
    });
    await fc.assert(property, { numRuns: RUNS });
    for (const way of [...COMMON, "CALL_TIMEOUT"]) expect(ways).toContain(way);
    expect(made).toBeLessThan(calls);
  }, 60_000);
});
