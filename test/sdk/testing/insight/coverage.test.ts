/**
 * Coverage against counts that were worked out by hand, in a project without a provider of vitest's.
 *
 * Each line of the contract that runs says how often; branches are listed below, way by way.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { nodePrimitives } from "#platform/primitives.ts";
import { build } from "#sdk/transform/index.ts";
import { INSIGHT_VARIABLE } from "#sdk/transform/insight.ts";
import { hermetic } from "#test/support/hermetic.ts";
import { ScratchProject } from "#test/support/scratch-project.ts";

// Every run is a process of its own, with processes of its own.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const LIBRARY = `
export class Box {
  constructor(public inner: Box | null, public size: u32) {}
  fits(size: u32): bool {
    return size <= this.size; // 2
  }
}

export function isSmall(size: u32): bool {
  if (size < 10) return true; // 3 2
  return false; // 1
}

export function never(): void {
  unreachable(); // 0
}
`;

const CONTRACT = `
import { ctx, Account, Mapping } from "hermetic/contract";
import { Box, isSmall, never } from "./library";

@error
export class TooLarge {
  constructor(public size: u32) {}
}

@contract
export class Shapes {
  owner: Account = Account.zero;
  sizes!: Mapping<u32, u32>;

  @init open(): void {
    this.owner = ctx.caller(); // 2
  }

  @command branch(size: u32): string {
    if (size > 100) { // 4
      throw new TooLarge(size); // 1
    } else if (size > 50) { // 3
      this.sizes.set(1, size); // 1
    }
    const small = isSmall(size); // 3
    const text = small ? "small" : "large"; // 3
    if (small && size != 3) return text; // 3 1
    return size == 3 || size == 60 ? text + "!" : text; // 2
  }

  @query choose(kind: u32): u32 {
    let sum: u32 = 0; // 5
    switch (kind) { // 5
      case 1:
        sum += 1; // 1
      case 2:
        sum += 10; // 2
        break; // 2
      case 3: {
        return 99; // 2
      }
      case 4:
        never(); // 0
        break; // 0
      default:
        sum += 1000; // 1
    }
    return sum; // 3
  }

  @query loops(count: u32): u32 {
    let sum: u32 = 0; // 1
    for (let i: u32 = 0; i < count; i++) { // 1
      if (i == 1) continue; // 4 1
      sum += i; // 3
    }
    while (sum > 2) sum -= 2; // 1 2
    do sum++; while (sum < 4); // 1 3
    for (const each of [10, 20]) sum += each; // 1 2
    const more = [1, 2, 3].map<i32>((each: i32): i32 => { // 1
      return each * 2; // 3
    });
    const most = [1, 2].map<i32>((each) => each + 1); // 1
    return sum + more[0] + most[0]; // 1
  }

  /** What is known not to be null stays known. */
  @query narrowing(deep: bool): u32 {
    const inner = new Box(null, 1); // 3
    const box = new Box(deep ? inner : null, 7); // 3
    const next = box.inner; // 3
    if (next != null && next.fits(1)) return next.size; // 3 2
    if (next == null || next.size == 0) return 0; // 1 1
    return next.size; // 0
  }

  /** Counts up to where it stops. */
  @query traps(by: u32): u32 {
    const first = 10 / by; // 1
    return first; // 0
  }

  @query unused(): u32 {
    return 1; // 0
  }
}
`;

const TEST = `
import { createWorld } from "hermetic/testing";
import { expect, it } from "vitest";
import shapes from "contract:shapes";

it("branches", async () => {
  const world = await createWorld();
  const contract = await world.deploy(shapes);
  for (const size of [3, 5, 60]) await contract.command.branch({ size });
  await expect(contract.command.branch({ size: 101 })).toFailWith("TooLarge");
  await expect(contract.command.branch).toBeTypeOf("function");
});

it("chooses and loops", async () => {
  const contract = await (await createWorld()).deploy(shapes);
  const found = [1, 2, 3, 5].map((kind) => contract.query.choose({ kind }));
  expect(await Promise.all(found)).toEqual([11, 10, 99, 1000]);
  await contract.query.loops({ count: 4 });
  for (const deep of [true, true, false]) await contract.query.narrowing({ deep });
  await expect(contract.query.traps({ by: 0 })).toFailWith("TRAP");
  await expect(contract.command.branch({ size: 1000 }).catch(() => undefined)).resolves.toBeUndefined();
  const costs = contract.query.choose.detailed({ kind: 1 });
  await expect(costs).toCostLessThan(1);
});
`;

/** A provider as vitest takes them, with a map that takes in files as istanbul's does. */
const PROVIDER = `
import { writeFileSync } from "node:fs";
const files = {};
const map = { merge: (more) => void Object.assign(files, more) };
export default {
  getProvider: () => ({
    name: "custom",
    initialize(vitest) { this.vitest = vitest; },
    resolveOptions() { return this.vitest.config.coverage; },
    clean() {},
    onAfterSuiteRun() {},
    generateCoverage: () => map,
    reportCoverage: () => writeFileSync("reported.json", JSON.stringify(files)),
  }),
};
`;

/** A file as istanbul knows it. */
interface IstanbulFile {
  readonly path: string;
  readonly statementMap: Record<string, { readonly start: { readonly line: number } }>;
  readonly branchMap: Record<string, { type: string; loc: { start: { line: number } } }>;
  readonly s: Record<string, number>;
  readonly b: Record<string, readonly number[]>;
}

describe("coverage of contracts", () => {
  let project: ScratchProject;
  let ended: { readonly status: number | null; readonly output: string };
  const read = (path: string): string => readFileSync(join(project.path, path), "utf8");

  const istanbul = (name: string): IstanbulFile => {
    const all = JSON.parse(read("coverage/coverage-final.json")) as Record<string, IstanbulFile>;
    const found = Object.values(all).find(({ path }) => path.endsWith(name));
    if (found === undefined) throw new Error(`no coverage of ${name}`);
    return found;
  };

  beforeAll(() => {
    project = new ScratchProject();
    project.write("contracts/shapes.ts", CONTRACT);
    project.write("contracts/library.ts", LIBRARY);
    const lines = TEST.split("\n").filter((line) => !/toBeTypeOf|size: 1000/.test(line));
    project.write("shapes.test.ts", lines.join("\n").replace("kind: 1 });", "kind: 3 });"));
    // What `hermetic test --coverage` starts where it finds no provider; this repository has one.
    const request = JSON.stringify({ coverage: true });
    ended = project.run("vitest/vitest.mjs", ["run"], { [INSIGHT_VARIABLE]: request });
  });

  afterAll(() => project.dispose());

  it("passes, and tells of the gas that it has not checked", () => {
    expect(ended.status, ended.output).toBe(0);
    expect(ended.output).toContain("1 checks of gas were passed over");
    expect(ended.output).toMatch(/contracts\/shapes\.ts +\d+\.\d +\d+\.\d +\d+\.\d +\d/);
  });

  it.each([
    ["shapes", CONTRACT],
    ["library", LIBRARY],
  ])("counts every statement of %s", (name, text) => {
    const counted = istanbul(`${name}.ts`);
    const found = new Map<number, number[]>();
    for (const [id, { start }] of Object.entries(counted.statementMap)) {
      found.set(start.line, [...(found.get(start.line) ?? []), counted.s[id] ?? -1]);
    }
    for (const [index, line] of text.split("\n").entries()) {
      const marks = / \/\/ ([\d ]+)$/.exec(line)?.[1]?.split(" ").map(Number) ?? [];
      expect([index + 1, line, found.get(index + 1) ?? []]).toEqual([index + 1, line, marks]);
    }
  });

  it("counts every way of every branch", () => {
    const lines = CONTRACT.split("\n");
    const counted = istanbul("shapes.ts");
    const branches = Object.entries(counted.branchMap).map(([id, { type, loc }]) => [
      lines[loc.start.line - 1]?.trim().replace(/ \/\/ .*/, ""),
      type,
      counted.b[id],
    ]);
    expect(new Set(branches.map((each) => JSON.stringify(each)))).toEqual(
      new Set(
        [
          ["if (size > 100) {", "if", [1, 3]],
          ["} else if (size > 50) {", "if", [1, 2]],
          [`const text = small ? "small" : "large";`, "cond-expr", [2, 1]],
          ["if (small && size != 3) return text;", "if", [1, 2]],
          ["if (small && size != 3) return text;", "binary-expr", [3, 2]],
          [`return size == 3 || size == 60 ? text + "!" : text;`, "cond-expr", [2, 0]],
          [`return size == 3 || size == 60 ? text + "!" : text;`, "binary-expr", [2, 1]],
          ["switch (kind) {", "switch", [1, 2, 2, 0, 1]],
          ["if (i == 1) continue;", "if", [1, 3]],
          ["const box = new Box(deep ? inner : null, 7);", "cond-expr", [2, 1]],
          ["if (next != null && next.fits(1)) return next.size;", "if", [2, 1]],
          ["if (next != null && next.fits(1)) return next.size;", "binary-expr", [3, 2]],
          ["if (next == null || next.size == 0) return 0;", "if", [1, 0]],
          ["if (next == null || next.size == 0) return 0;", "binary-expr", [1, 0]],
        ].map((each) => JSON.stringify(each)),
      ),
    );
  });

  it("names the functions that never ran, in lcov", () => {
    const lcov = read("coverage/lcov.info");
    for (const name of ["Shapes.open", "Box.fits", "isSmall", "Shapes.traps"]) {
      expect(lcov).toMatch(new RegExp(`^FNDA:[1-9]\\d*,${name}$`, "m"));
    }
    for (const name of ["Shapes.unused", "never"]) expect(lcov).toContain(`FNDA:0,${name}\n`);
    expect(lcov).toMatch(/^SF:contracts\/shapes\.ts$/m);
  });

  it("shows every line on one page", () => {
    const page = read("coverage/index.html");
    expect(page).toContain("throw new TooLarge(size);");
    expect(page).not.toMatch(/<script|https?:/);
    expect(page).toContain('title="&quot;else&quot; was not taken');
  });

  it("becomes a part of vitest's own coverage, before that is reported", async () => {
    project.write("provider.mjs", PROVIDER);
    const flags = ["enabled", "provider=custom", "customProviderModule=./provider.mjs"];
    const args = ["test", "--coverage", "--", ...flags.map((flag) => `--coverage.${flag}`)];
    const { status, stdout } = await hermetic(args, { cwd: project.path });
    expect(status, stdout).toBe(0);
    const reported = JSON.parse(read("reported.json")) as Record<string, IstanbulFile>;
    expect(reported).toEqual(JSON.parse(read("coverage/coverage-final.json")));
  });

  it("leaves what is deployed as it is", async () => {
    const entry = join(project.path, "contracts/shapes.ts");
    const [before] = (await build({ entry })).contracts;
    const [covered] = (await build({ entry, coverage: true })).contracts;
    const [after] = (await build({ entry })).contracts;
    expect(after?.codeHash).toBe(before?.codeHash);
    expect(covered?.codeHash).not.toBe(before?.codeHash);
    expect(before?.probes).toBeUndefined();
    expect(nodePrimitives.sha256(after?.wasm ?? new Uint8Array(0)).toHex()).toBe(after?.codeHash);
  });
});
