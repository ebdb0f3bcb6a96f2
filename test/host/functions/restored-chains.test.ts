/**
 * Goal: contracts that call each other and themselves come to the same in instances that serve again.
 *
 * Method: as `test/host/vm/restored-sequences.test.ts`, with chains of calls: one after another, given up at the end of a
 * slice, and overlapping while they wait. Each chain finds the same state, so that each can be compared with itself alone.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AdmittedModule } from "#host/vm/admit.ts";
import {
  AMPLE,
  eachAlone,
  Waits,
  outcomeOf,
  requestOf,
  steps,
  told,
  twins,
  waitingSteps,
  type Played,
  type Step,
  type Twins,
  type WaitingStep,
} from "#test/support/restored-twins.ts";
import { scripted, scriptedCore, SCRIPTS } from "#test/support/scripted-contract.ts";
import { Town, type Visit } from "#test/support/town.ts";

const RUNS = Number(process.env["RESTORED_RUNS"] ?? 40);
const NAMES = [1, 2, 3];
const contracts = fc.tuple(scripted, scripted, scripted);
/** Methods as the scripts name them, every other one of which may be entered again. */
const reentrant = Array.from({ length: SCRIPTS / 2 }, (_, index) => "\0".repeat(2 * index + 1));

function admitted(cores: readonly Uint8Array[], isResumable: boolean): Twins[] {
  return cores.map((core) => twins(core, { isResumable, reentrant }));
}

/** A town of its own for each chain, of modules that all share. */
function townOf(modules: readonly AdmittedModule[]): Town {
  const town = new Town();
  for (const [index, module] of modules.entries()) town.settle(index + 1, module);
  return town;
}

function visitOf(step: Step): Visit {
  const { method, args } = requestOf(step, 0);
  return { mode: step.mode, method, args, height: BigInt(step.height) };
}

function play(modules: readonly AdmittedModule[], step: Step, gas: number): Played {
  const http = () => ({ kind: "replay", next: denied }) as const;
  const pace = step.sliceGas === undefined ? {} : { pace: { sliceGas: step.sliceGas } };
  const town = townOf(modules);
  const outcome = outcomeOf(() => town.run(nameOf(step), { ...visitOf(step), gas, http, ...pace }));
  return { outcome, writes: [] };
}

async function playAsync(modules: readonly AdmittedModule[], step: WaitingStep): Promise<Played> {
  const waits = new Waits(step);
  const { http, pace } = waits;
  await waits.begin();
  const visit = { ...visitOf(step), gas: gasOf(step), http: () => http, pace };
  return { outcome: await townOf(modules).runAsync(nameOf(step), visit), writes: [] };
}

const denied = (requests: readonly unknown[]) => requests.map(() => ({ error: "denied" }) as const);
const nameOf = ({ args }: Step): number => 1 + (args % NAMES.length);
const gasOf = ({ part }: Step): number => Math.floor(10 * AMPLE * part);
const fresh = (all: readonly Twins[]) => all.map((one) => one.fresh.admitted);
const again = (all: readonly Twins[]) => all.map((one) => one.again.admitted);
const made = (all: readonly Twins[]) => all.reduce((sum, one) => sum + one.again.made, 0);
const needed = (all: readonly Twins[]) => all.reduce((sum, one) => sum + one.fresh.made, 0);

describe("chains of calls in instances that serve again", () => {
  it("property: come to what they come to in new ones, one after another", () => {
    let [isMade, isNeeded] = [0, 0];
    const property = fc.property(contracts, steps, (all, list) => {
      const modules = admitted(all.map(scriptedCore), false);
      for (const step of list) {
        const expected = play(fresh(modules), step, gasOf(step));
        expect(play(again(modules), step, gasOf(step))).toEqual(expected);
      }
      for (const one of modules) expect(one.again.left).toEqual(one.fresh.left);
      isMade += made(modules);
      isNeeded += needed(modules);
    });
    fc.assert(property, { numRuns: RUNS });
    expect(isMade).toBeLessThan(isNeeded);
  }, 60_000);

  it("property: come to it while other chains wait, and are ended while they wait", async () => {
    let [isMade, isNeeded] = [0, 0];
    const property = fc.asyncProperty(contracts, waitingSteps, async (all, list) => {
      const cores = all.map(scriptedCore);
      const modules = admitted(cores, true);
      const whole = admitted(cores, false);
      const alone = await eachAlone(
        list,
        (step) => playAsync(fresh(modules), step),
        (step) => play(fresh(whole), step, gasOf(step)),
      );
      for (const one of alone) {
        if (one.whole !== undefined) expect(told(one.whole)).toEqual(told(one.live));
      }
      const overlapping = await Promise.all(list.map((step) => playAsync(again(modules), step)));
      expect(overlapping).toEqual(alone.map(({ live }) => live));
      for (const one of modules)
        expect(one.again.left.toSorted()).toEqual(one.fresh.left.toSorted());
      isMade += made(modules);
      isNeeded += needed(modules);
    });
    await fc.assert(property, { numRuns: RUNS });
    expect(isMade).toBeLessThan(isNeeded);
  }, 60_000);
});
