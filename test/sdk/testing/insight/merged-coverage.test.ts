/**
 * Contracts and TypeScript in one report of vitest's own provider, untested contracts included.
 *
 * @module
 */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { hermetic } from "#test/support/hermetic.ts";
import { ScratchProject } from "#test/support/scratch-project.ts";

// Every run is a process of its own, with processes of its own.
vi.setConfig({ testTimeout: 600_000 });

const CONTRACT = `import { half } from "./lib/half";

@contract
export class Shop {
  @query
  price(size: u32): u32 {
    if (size > 100) return 0;
    return half(size);
  }
}
`;
const HALF = `export function half(size: u32): u32 {
  return size / 2;
}
`;
const UNTESTED = `import { half } from "./lib/half";

@contract
export class Idle {
  @query
  wait(): u32 {
    return half(1) + 1;
  }
}
`;
const TYPESCRIPT = `export function label(price: number): string {
  if (price > 1000) return "dear";
  return "cheap";
}
`;
const TEST = `
import { createWorld } from "hermetic/testing";
import { expect, it } from "vitest";
import shop from "contract:shop";
import { label } from "./src/label.ts";

it("sells", async () => {
  const contract = await (await createWorld()).deploy(shop);
  expect(label(await contract.query.price({ size: 10 }))).toBe("cheap");
  await expect(contract.query.price.detailed({ size: 10 })).toCostLessThan(1);
});
`;

describe("coverage of contracts and TypeScript", () => {
  let project: ScratchProject;

  beforeEach(() => {
    project = new ScratchProject();
    project.write("contracts/shop.ts", CONTRACT);
    project.write("contracts/lib/half.ts", HALF);
    project.write("contracts/idle.ts", UNTESTED);
    project.write("src/label.ts", TYPESCRIPT);
    project.write("shop.test.ts", TEST);
  });

  afterEach(() => project.dispose());

  const read = (path: string): string => readFileSync(join(project.path, path), "utf8");
  /** How often each line of a file ran, as lcov says. */
  const lines = (file: string): Readonly<Record<string, number>> => {
    const records = read("coverage/lcov.info").split("end_of_record");
    const own = records.filter((record) => record.includes(`SF:${file}\n`));
    expect(own, file).toHaveLength(1);
    const found = [...(own[0] ?? "").matchAll(/^DA:(\d+),(\d+)/gm)];
    return Object.fromEntries(found.map(([, line = "", count]) => [line, Number(count)]));
  };

  const expectOneReport = (output: string): void => {
    expect(lines("contracts/shop.ts")).toEqual({ 7: 2, 8: 2 });
    expect(lines("contracts/lib/half.ts")).toEqual({ 2: 2 });
    expect(lines("contracts/idle.ts")).toEqual({ 7: 0 });
    expect(lines("src/label.ts")).toMatchObject({ 2: 1, 3: 1 });
    const page = read("coverage/index.html");
    for (const folder of ["contracts", "contracts/lib", "src"]) expect(page).toContain(folder);
    expect(read("coverage/contracts/shop.ts.html")).toContain("half(size)");
    expect(existsSync(join(project.path, "coverage/coverage-final.json"))).toBe(true);
    expect(output).toMatch(/^ *shop\.ts +\| +\d/m);
    expect(output).toMatch(/^ *idle\.ts +\| +0 \| +100 \| +0 \| +0 \| 7 *$/m);
    expect(output).toMatch(/^ *label\.ts +\| +\d/m);
    expect(output).toContain("1 checks of gas were passed over");
    expect(output.match(/idle\.ts/g), "told twice").toHaveLength(1);
  };

  it("is one report, whoever is asked for it", async () => {
    const env = { NO_COLOR: "1", FORCE_COLOR: "0" };
    const asked = await hermetic(["test", "--coverage"], { cwd: project.path, env });
    expect(asked.status, asked.stdout + asked.stderr).toBe(0);
    expectOneReport(asked.stdout);
    rmSync(join(project.path, "coverage"), { recursive: true });
    const own = project.run("vitest/vitest.mjs", ["run", "--coverage"]);
    expect(own.status, own.output).toBe(0);
    expectOneReport(own.output);
  });

  it("counts contracts as contracts if the project counts all its files", () => {
    const flags = ["--coverage", "--coverage.include=**/*.ts"];
    const { status, output } = project.run("vitest/vitest.mjs", ["run", ...flags]);
    expect(status, output).toBe(0);
    expectOneReport(output);
  });

  it("holds contracts to the project's thresholds", () => {
    const flags = ["--coverage", "--coverage.thresholds.lines=95"];
    const { status, output } = project.run("vitest/vitest.mjs", ["run", ...flags]);
    expect(status).toBe(1);
    expect(output).toMatch(/Coverage for lines \(\d+\.?\d*%\) does not meet global threshold/);
  });

  it("says which contract cannot be counted", () => {
    project.write("contracts/idle.ts", UNTESTED.replace("half(1)", "nonsense"));
    const { status, output } = project.run("vitest/vitest.mjs", ["run", "--coverage"]);
    expect(status, output).toBe(0);
    expect(output).toContain("contracts/idle.ts does not build, and is not counted");
    expect(lines("contracts/shop.ts")).toEqual({ 7: 2, 8: 2 });
  });

  it("leaves contracts as they are where gas is asked for", async () => {
    const args = ["test", "--gas", "--", "--coverage"];
    const { status, stdout } = await hermetic(args, { cwd: project.path });
    // The contract costs more than one gas, and is checked this time.
    expect(status).toBe(5);
    expect(stdout).toMatch(/Shop +price/);
  });
});
