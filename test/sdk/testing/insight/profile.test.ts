/**
 * `hermetic test --profile`: gas by function adds up to what calls have cost, and costs nothing itself.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { addStacks } from "#sdk/testing/insight/profile/stacks.ts";
import { hermetic, type Ended } from "#test/support/hermetic.ts";
import { ScratchProject } from "#test/support/scratch-project.ts";

// Every run is a process of its own, with processes of its own.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

/** Prints what each call has cost, in their order; the caller pays for what it calls. */
const TEST = `
import { createWorld } from "hermetic/testing";
import { expect, it } from "vitest";
import ladderCode from "contract:ladder";
import robberCode from "contract:robber";
import vaultCode from "contract:vault";

it("costs", async () => {
  const world = await createWorld({ seed: "profile" });
  const costs: number[] = [];
  const note = async (call: Promise<any>) => {
    const { gasUsed } = await call.catch(({ call: report }) => report);
    costs.push(gasUsed);
  };
  const vault = await world.deploy(vaultCode, { caller: "bank" });
  const robber = await world.deploy(robberCode, { caller: "rob", args: { vault: vault.address } });
  const far = await world.deploy(ladderCode, { args: { next: robber.address } });
  const near = await world.deploy(ladderCode, { args: { next: far.address } });
  await note(robber.command.store({ amount: 7n }));
  await note(robber.command.rob({ greed: 1, isCareless: false }));
  await note(robber.command.complain());
  await note(robber.command.insist());
  await note(near.query.climb.detailed({ parts: 3n }));
  await note(near.query.climb.detailed({ parts: 0n }, { gasLimit: 3_000_000 }));
  await note(far.query.count.detailed({ depth: 0 }, { gasLimit: 2_000_000 }));
  await note(far.query.burn.detailed(undefined, { gasLimit: 1_000_000 }));
  const error = await far.query.divide({ parts: 0n }, { gasLimit: 500_000 }).catch((reason) => reason);
  console.log("STACK", error.stack.includes("ladder.ts:9"));
  console.log("COSTS", JSON.stringify(costs));
});
`;

describe("hermetic test --profile", () => {
  let project: ScratchProject;
  let plain: Ended;
  let profiled: Ended;
  const env = { NO_COLOR: "1", FORCE_COLOR: "0" };
  const costs = ({ stdout }: Ended): number[] =>
    JSON.parse(/COSTS (\[.*?\])/.exec(stdout)?.[1] ?? "[]") as number[];

  beforeAll(async () => {
    project = new ScratchProject();
    for (const name of ["ladder", "robber", "vault"]) {
      const file = join(import.meta.dirname, `../fixtures/contracts/${name}.ts`);
      project.write(`contracts/${name}.ts`, readFileSync(file, "utf8"));
    }
    project.write("bank.test.ts", TEST);
    plain = await hermetic(["test"], { cwd: project.path, env });
    profiled = await hermetic(["test", "--profile", "--gas"], { cwd: project.path, env });
  });

  afterAll(() => project.dispose());

  it("changes nothing about what calls cost that return, or where others fail", () => {
    expect(plain.status, plain.stdout).toBe(0);
    expect(profiled.status, profiled.stdout).toBe(0);
    expect(costs(profiled)).toHaveLength(8);
    const returned = [0, 1, 4];
    expect(returned.map((call) => costs(profiled)[call])).toEqual(
      returned.map((call) => costs(plain)[call]),
    );
    // What takes all takes all; what fails half-way has paid ahead for less, or more.
    expect(costs(profiled).slice(6)).toEqual([2_000_000, 1_000_000]);
    expect(profiled.stdout).toContain("STACK true");
  });

  it("adds up to the gas of all calls that clients have made", () => {
    const text = readFileSync(join(project.path, "profile/gas.speedscope.json"), "utf8");
    const [profile] = (JSON.parse(text) as { profiles: { weights: number[]; endValue: number }[] })
      .profiles;
    const { weights = [], endValue } = profile ?? {};
    const sum = weights.reduce((all, gas) => all + gas, 0);
    expect(sum).toBe(endValue);
    expect(weights.every((gas) => Number.isSafeInteger(gas) && gas > 0)).toBe(true);
    const all = readStacks(text);
    const calls = costs(profiled);
    const single = ["Robber.store", "Robber.rob", "Robber.complain", "Robber.insist"];
    expect(single.map((call) => gasOn(all, call))).toEqual(calls.slice(0, 4));
    expect(gasOn(all, "Ladder.climb")).toBe((calls[4] ?? 0) + (calls[5] ?? 0));
    expect(gasOn(all, "Ladder.count")).toBe(2_000_000);
    expect(gasOn(all, "Ladder.burn")).toBe(1_000_000);
    expect(gasOn(all, "Ladder.divide")).toBe(500_000);
    const made = ["Vault.init", "Robber.plan", "Ladder.lean"].map((call) => gasOn(all, call));
    const total = [...calls, 500_000, ...made].reduce((some, gas) => some + gas, 0);
    expect(sum).toBe(total);
  });

  it("names functions of all contracts on the way", () => {
    const text = readFileSync(join(project.path, "profile/gas.speedscope.json"), "utf8");
    const stacks = Object.keys(readStacks(text));
    const path = /^Robber\.rob;.*Vault\.withdraw;.*Robber\.receive;.*Robber\.receive/;
    expect(stacks.some((stack) => path.test(stack))).toBe(true);
    expect(stacks).toContain("Ladder.count;(taken by the trap)");
  });

  it("draws them", () => {
    const svg = readFileSync(join(project.path, "profile/gas.svg"), "utf8");
    expect(svg).toMatch(/^<svg xmlns/);
    expect(svg).toContain("<title>Robber.rob: ");
    expect(svg).not.toMatch(/<script|href/);
  });
});

describe("addStacks()", () => {
  it("gives each gas to one stack", () => {
    const inner = { name: "B.go", nameOf: String, steps: [], used: 40, gasUsed: 50 };
    const stacks: Record<string, number> = {};
    const steps = [
      { id: 1, isEnd: false, used: 10 },
      { id: 2, isEnd: false, used: 15 },
      { call: inner },
      { id: 2, isEnd: true, used: 70 },
      { id: 1, isEnd: true, used: 72 },
    ];
    addStacks({ name: "A.run", nameOf: String, steps, used: 80, gasUsed: 80 }, stacks);
    expect(stacks).toEqual({
      "A.run": 18,
      "A.run;1": 7,
      "A.run;1;2": 5,
      "A.run;1;2;B.go": 40,
      "A.run;1;2;B.go;(taken by the trap)": 10,
    });
  });
});

/** Gas by stack, from the file. */
function readStacks(text: string): Record<string, number> {
  const { shared, profiles } = JSON.parse(text) as {
    shared: { frames: { name: string }[] };
    profiles: { samples: number[][]; weights: number[] }[];
  };
  const { samples = [], weights = [] } = profiles[0] ?? {};
  return Object.fromEntries(
    samples.map((sample, index) => [
      sample.map((frame) => shared.frames[frame]?.name).join(";"),
      weights[index] ?? 0,
    ]),
  );
}

/** Gas of all that stands on a call made by a client. */
function gasOn(stacks: Record<string, number>, call: string): number {
  return Object.entries(stacks)
    .filter(([stack]) => stack === call || stack.startsWith(`${call};`))
    .reduce((sum, [, gas]) => sum + gas, 0);
}
