/**
 * Unit tests in the contracts' own language, in a project of their own.
 *
 * @module
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { titleOf } from "#sdk/testing/unit/run-unit.ts";
import { ScratchProject } from "#test/support/scratch-project.ts";

const WAIT_MS = 120_000;

const FEES = `import { u128 } from "hermetic/contract";

/** A hundredth, rounded up. */
export function fee(amount: u64): u64 {
  return amount / 100 + (amount % 100 == 0 ? 0 : 1);
}

export function wide(amount: u64): u128 {
  return u128.from(amount) * u128.from(amount);
}
`;

const UNITS = `import { u128 } from "hermetic/contract";
import { fee, wide } from "./fees";

let runs = 0;

export function roundsUp(): void {
  runs += 1;
  assert(fee(101) == 2);
  assert(fee(100) == 1);
}

export function squaresWithoutLosingABit(): void {
  assert(wide(u64.MAX_VALUE).hi == u64.MAX_VALUE - 1);
  assert(++runs == 1, "each test has memory of its own");
}

export function helper(amount: u64): u64 {
  return amount;
}
`;

describe("*.as.test.ts", () => {
  let project: ScratchProject;

  beforeEach(() => {
    project = new ScratchProject();
    project.write("contracts/fees.ts", FEES);
    project.write("contracts/fees.as.test.ts", UNITS);
  });

  afterEach(() => project.dispose());

  const run = () => project.run("vitest/vitest.mjs", ["run", "--reporter=verbose"]);

  it(
    "runs every exported function without parameters, each by itself",
    { timeout: WAIT_MS },
    () => {
      const { status, output } = run();
      expect(output).toContain("fees > rounds up");
      expect(output).toContain("fees > squares without losing a bit");
      expect(output).toMatch(/Tests +2 passed/);
      expect(status).toBe(0);
    },
  );

  it("shows the author's line of a failed assertion, and traps", { timeout: WAIT_MS }, () => {
    const failing = `
export function isWrong(): void {
  assert(fee(1) == 7, "a cent is a cent 😀");
}

export function divides(): void {
  assert(1 / i32(fee(0)) == 0);
}
`;
    project.write("contracts/fees.as.test.ts", UNITS + failing);
    const { status, output } = run();
    expect(status).toBe(1);
    expect(output).toContain("a cent is a cent 😀");
    expect(output).toMatch(/contracts\/fees\.as\.test\.ts:22:\d+/);
    expect(output).toContain('assert(fee(1) == 7, "a cent is a cent');
    expect(output).toContain("divide by zero");
    expect(output).toMatch(/Tests +2 failed \| 2 passed/);
  });

  it("refuses code that needs a host, and code that does not compile", { timeout: WAIT_MS }, () => {
    const impure = `import { ctx } from "hermetic/contract";
export function now(): void {
  assert(ctx.now() > 0);
}
`;
    project.write("contracts/fees.as.test.ts", impure);
    expect(run().output).toContain("HRM3011");
    project.write("contracts/fees.as.test.ts", UNITS.replace("fee(100)", "fees(100)"));
    expect(run().output).toContain("Cannot find name 'fees'");
  });

  it("runs again when what it tests is edited", { timeout: 2 * WAIT_MS }, async () => {
    project.watch();
    await project.printed("2 passed", WAIT_MS);
    await project.printed("Waiting for file", WAIT_MS);
    project.write("contracts/fees.ts", FEES.replace("? 0 : 1", "? 0 : 2"));
    await project.printed("1 failed", WAIT_MS);
  });
});

describe("titleOf()", () => {
  it("writes names as people read them", () => {
    expect(titleOf("keepsTheLastCent")).toBe("keeps the last cent");
    expect(titleOf("of_2_coins")).toBe("of 2 coins");
  });
});
