/**
 * The trust boundary holds: every planted violation is refused, and the tree without plants passes.
 *
 * All plants are planted at once, each in a file of its own, so that two runs of each tool are
 * enough and every refusal still has one cause.
 *
 * @module
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copyProject, findings, type Finding, type ToolRun } from "#test/boundary/copy.ts";
import { imports, victims } from "#test/boundary/plants/imports.ts";
import { language } from "#test/boundary/plants/language.ts";
import type { Plant } from "#test/boundary/plants/plant.ts";
import { packages, powers } from "#test/boundary/plants/powers.ts";

const plants = [...imports, ...packages, ...powers, ...language];
const copy = copyProject();
let control: { readonly tsc: ToolRun; readonly lint: ToolRun };
let planted: { readonly tsc: readonly Finding[]; readonly lint: readonly Finding[] };

beforeAll(async () => {
  control = { tsc: await copy.compile(), lint: await copy.lint() };
  for (const [path, code] of Object.entries(victims)) {
    copy.write(path, `/**\n * A file to reach for.\n *\n * @module\n */\n${code}\n`);
  }
  for (const { path, code } of plants) copy.write(path, code);
  planted = { tsc: findings(await copy.compile()), lint: findings(await copy.lint()) };
}, 600_000);

afterAll(() => copy.remove());

describe("the tree without plants", () => {
  it("compiles", () => expect(control.tsc).toEqual({ exitCode: 0, output: "" }));

  it("passes lint, which looked at files", () => {
    expect(control.lint.output).not.toMatch(/\[Error/);
    expect(control.lint.exitCode).toBe(0);
  });
});

describe("the files that plants reach for", () => {
  it.each(Object.keys(victims))("%s is clean", (path) => {
    const all = [...planted.tsc, ...planted.lint];
    expect(all.filter((finding) => finding.path === path)).toEqual([]);
  });
});

/** What a tool said about the file of a plant, one finding per line. */
function about(plant: Plant, list: readonly Finding[]): string {
  const own = list.filter(({ path }) => path === plant.path);
  return own.map(({ text }) => text).join("\n");
}

function plantsFor(tool: "tsc" | "lint" | "tidy"): [string, Plant][] {
  return plants.filter((plant) => plant[tool]).map((plant) => [plant.name, plant]);
}

describe("the compiler refuses it when", () => {
  it.each(plantsFor("tsc"))("%s", (_, plant) => {
    expect(about(plant, planted.tsc)).toMatch(plant.tsc ?? "");
  });
});

describe("lint refuses it when", () => {
  it.each(plantsFor("lint"))("%s", (_, plant) => {
    expect(about(plant, planted.lint)).toMatch(plant.lint ?? "");
  });
});

describe("the tidy test refuses it when", () => {
  it.each(plantsFor("tidy"))("%s", (_, plant) => {
    expect(plant.tidy?.({ path: plant.path, text: plant.code })).not.toEqual([]);
  });
});

describe("the plants", () => {
  it("are refused by one tool at least, each", () => {
    expect(plants.filter(({ tsc, lint, tidy }) => !tsc && !lint && !tidy)).toEqual([]);
  });
});
