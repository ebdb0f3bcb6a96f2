/**
 * `hermetic test --gas`, `--gas-save` and `--gas-check` in a project of its own.
 *
 * @module
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { compareGas, saveGas } from "#sdk/testing/insight/gas-file.ts";
import { hermetic, hermeticJson } from "#test/support/hermetic.ts";
import { ScratchProject } from "#test/support/scratch-project.ts";

// Every run is a process of its own, with processes of its own.
vi.setConfig({ testTimeout: 600_000 });

function contract(rounds: number): string {
  return `
@contract
export class Adder {
  sum: u64 = 0;
  @command add(amount: u64): void {
    for (let i = 0; i < ${rounds}; i++) this.sum += amount;
  }
  @query total(): u64 {
    return this.sum;
  }
}
`;
}

/** Prints what each call has cost by itself, in the order of the calls. */
const TEST = `
import { createWorld } from "hermetic/testing";
import { beforeAll, describe, expect, it } from "vitest";
import adder from "contract:adder";

describe("adder", () => {
  let contract: any;
  beforeAll(async () => {
    contract = await (await createWorld()).deploy(adder);
    console.log("COST @init", contract.deployment.gasUsed);
  });
  it.each([1n, 500n, 7n])("adds %s", async (amount) => {
    const { gasUsed } = await contract.command.add({ amount });
    console.log("COST add", gasUsed);
  });
  it("tells", async () => {
    const { gasUsed } = await contract.query.total.detailed();
    console.log("COST total", gasUsed);
  });
});
`;

const row = { contract: "Adder", method: "add", calls: 2, min: 1000, median: 1000, max: 2000 };

describe("compareGas()", () => {
  const folder = mkdtempSync(join(tmpdir(), "gas-"));
  const file = join(folder, "gas.json");
  afterAll(() => rmSync(folder, { recursive: true }));

  it("says so if there is no file, or one of something else", () => {
    expect(compareGas(join(folder, "none"), "none", [row], 1).problem).toContain("none");
    writeFileSync(file, "{}");
    expect(compareGas(file, "gas.json", [row], 1).problem).toContain("nothing that");
    writeFileSync(file, JSON.stringify({ meterVersion: -1, contracts: {} }));
    expect(compareGas(file, "gas.json", [row], 1).problem).toContain("other prices");
  });

  it("writes the same text for the same gas", () => {
    saveGas(file, [row]);
    const before = readFileSync(file, "utf8");
    saveGas(file, [row]);
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  it.each([
    [1010, 1, 0],
    [1011, 1, 1],
    [1001, 0, 1],
    [1000, 0, 0],
  ])("takes a minimum of %i in place of 1000, at %i %, for %i change", (min, tolerance, count) => {
    saveGas(file, [row]);
    const { dearer, cheaper } = compareGas(file, "gas.json", [{ ...row, min }], tolerance);
    expect(dearer).toHaveLength(count);
    expect(cheaper).toEqual([]);
  });

  it("tells what is cheaper, new, or was not called", () => {
    saveGas(file, [row, { ...row, method: "old" }]);
    const now = [
      { ...row, max: 1500 },
      { ...row, method: "new" },
    ];
    expect(compareGas(file, "gas.json", now, 1)).toEqual({
      dearer: [],
      cheaper: [{ contract: "Adder", method: "add", of: "max", before: 2000, now: 1500 }],
      added: ["Adder.new"],
      missing: ["Adder.old"],
    });
  });
});

describe("hermetic test --gas", () => {
  let project: ScratchProject;
  const env = { NO_COLOR: "1", FORCE_COLOR: "0" };
  const run = (...flags: string[]) => hermetic(["test", ...flags], { cwd: project.path, env });

  beforeAll(() => {
    project = new ScratchProject();
    project.write("contracts/adder.ts", contract(100));
    project.write("adder.test.ts", TEST);
  });

  afterAll(() => project.dispose());

  it("prints exactly what the calls have cost", async () => {
    const { status, stdout } = await run("--gas");
    expect(status).toBe(0);
    for (const method of ["@init", "add", "total"]) {
      const costs = [...stdout.matchAll(new RegExp(`COST ${method} (\\d+)`, "g"))]
        .map((match) => Number(match[1]))
        .toSorted((a, b) => a - b);
      const row = new RegExp(`Adder +${method} +(\\d+) +([\\d,]+) +([\\d,]+) +([\\d,]+)`);
      const numbers = row
        .exec(stdout)
        ?.slice(1)
        .map((text) => Number(text.replaceAll(",", "")));
      expect(numbers).toEqual([
        costs.length,
        costs[0],
        costs[(costs.length - 1) >> 1],
        costs.at(-1),
      ]);
    }
  });

  it("saves, and finds nothing new", async () => {
    expect(await run("--gas-save")).toMatchObject({ status: 0 });
    const saved = readFileSync(join(project.path, "gas.json"), "utf8");
    expect(JSON.parse(saved).contracts.Adder.add.calls).toBe(3);
    const { status, stdout } = await run("--gas-check");
    expect(status).toBe(0);
    expect(stdout).toContain("as in gas.json");
  });

  it("fails on a method that has become dearer, and names it", async () => {
    project.write("contracts/adder.ts", contract(400));
    const { status, stdout, stderr } = await run("--gas-check");
    expect(status).toBe(5);
    expect(stdout).toMatch(/Adder +add +median +[\d,]+ +[\d,]+ +\+\d+\.\d %/);
    expect(stdout).not.toMatch(/Adder +total +min/);
    expect(stderr).toContain("HRM4018");
    expect(stderr).toContain("Adder.add");
  });

  it("passes on one that has become cheaper, and says so", async () => {
    project.write("contracts/adder.ts", contract(1));
    const { status, stdout } = await run("--gas-check");
    expect(status).toBe(0);
    expect(stdout).toMatch(/cheaper: .*\n +contract .*\n +Adder +add +min .* -\d+\.\d %/);
  });

  it("gives the numbers as JSON", async () => {
    const { status, value } = await hermeticJson(["test", "--gas"], { cwd: project.path });
    expect(status).toBe(0);
    expect(value).toMatchObject({ passed: 4, failed: 0 });
    expect(value.gas.map((row: { method: string }) => row.method)).toEqual([
      "@init",
      "add",
      "total",
    ]);
  });

  it("refuses to save and check at once", async () => {
    expect(await run("--gas-check", "--gas-save")).toMatchObject({ status: 2 });
  });
});
