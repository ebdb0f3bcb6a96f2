/**
 * What builds and is probably not meant is said by every verb that builds, once, and as data with `--json`.
 *
 * @module
 */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { hermetic, hermeticJson } from "#test/support/hermetic.ts";
import { ScratchProject } from "#test/support/scratch-project.ts";

vi.setConfig({ testTimeout: 600_000 });

/** The first is our rule, the second the compiler's own. */
const CONTRACT = `@contract
export class Purse {
  left: u64 = 9;

  @command
  take(amount: u64): void {
    this.left -= amount;
  }

  @query
  never(value: f64): bool {
    return value == NaN;
  }
}
`;
const TEST = `
import { expect, it } from "vitest";
import purse from "contract:purse";

it("is built", () => expect(purse.name).toBe("Purse"));
`;
const OURS = "HRM3323: 'this.left' may go below zero";
const THEIRS = "AS907: 'NaN' does not compare equal";

const times = (text: string, part: string): number => text.split(part).length - 1;

interface Warned {
  readonly warnings: readonly { readonly code: string; readonly line: number; file: string }[];
}

describe("warnings", () => {
  let project: ScratchProject;

  beforeAll(() => {
    project = new ScratchProject();
    project.write("contracts/purse.ts", CONTRACT);
    for (const name of ["one", "two"]) project.write(`${name}.test.ts`, TEST);
  });

  afterAll(() => project.dispose());

  it.each([
    ["build", "contracts"],
    ["check", "contracts"],
    ["test", "one"],
  ])("hermetic %s", async (...args) => {
    const cwd = project.path;
    const { status, stderr } = await hermetic(args, { cwd });
    expect(status, stderr).toBe(0);
    for (const warning of [OURS, THEIRS]) expect(times(stderr, warning), stderr).toBe(1);
    expect(stderr).toContain("7 |     this.left -= amount;");
    const { value } = await hermeticJson<Warned>(args, { cwd });
    const found = value.warnings.map(({ code, line, file }) => [code, line, file]);
    const file = `${cwd}/contracts/purse.ts`;
    expect(found).toEqual([
      ["HRM3323", 7, file],
      ["AS907", 12, file],
    ]);
  });

  it("stand once in a run in which many tests import a contract", () => {
    const { status, output } = project.run("vitest/vitest.mjs", ["run"]);
    expect(status, output).toBe(0);
    for (const warning of [OURS, THEIRS]) expect(times(output, warning), output).toBe(1);
  });
});
