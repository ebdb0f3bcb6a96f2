/**
 * Every template, made by the packed package: it compiles, passes its own tests, and its types fit.
 *
 * @module
 */
import { existsSync, readFileSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { PackedPackage } from "#test/support/packed.ts";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const templates = readdirSync(join(import.meta.dirname, "../../templates")).filter(
  (name) => name !== "common",
);
const CLI = "hermetic/dist/cli.js";

describe("hermetic new, from the packed package", () => {
  let packed: PackedPackage;

  beforeAll(async () => {
    packed = await PackedPackage.make();
  });

  afterAll(() => packed.dispose());

  it("packs all that a project is made of", () => {
    expect(templates).toEqual(["auction", "hello", "oracle-http", "token", "two-contracts"]);
    expect(packed.files).toContain("package/templates/common/.github/workflows/ci.yml");
    expect(packed.files).toContain("package/dist/types/sdk/testing/index.d.ts");
    expect(
      packed.files.filter((name) => name.endsWith(".test.ts") && !name.includes("templates/")),
    ).toEqual([]);
  });

  it.each(templates)("%s", (template) => {
    const made = packed.run(CLI, ["new", template, "--template", template, "--json"]);
    expect(made.status, made.output).toBe(0);
    const project = join(packed.folder, template);
    for (const file of ["vitest.config.ts", "AGENTS.md", "README.md", ".github/workflows/ci.yml"]) {
      expect(existsSync(join(project, file)), file).toBe(true);
    }
    expect(existsSync(join(project, "about.md"))).toBe(false);
    for (const file of ["README.md", "AGENTS.md"]) {
      expect(readFileSync(join(project, file), "utf8"), file).not.toContain("{{");
    }
    symlinkSync(join(packed.folder, "node_modules"), join(project, "node_modules"));

    const checked = packed.run(CLI, ["check", "contracts", "--json"], project);
    expect(checked.status, checked.output).toBe(0);
    const tested = packed.run("vitest/vitest.mjs", ["run", "--maxWorkers=1"], project);
    expect(tested.status, tested.output).toBe(0);
    expect(tested.output).toMatch(/Tests +\d+ passed/);
    for (const part of [".", "contracts"]) {
      const typed = packed.run("typescript/bin/tsc", ["--project", part], project);
      const errors = typed.output.split("\n").filter((line) => line.includes("error TS"));
      expect(errors, part).toEqual([]);
    }
  });
});
