/**
 * `hermetic test`: runs the project's tests with the project's own vitest.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { INSIGHT_VARIABLE, type InsightResult } from "#sdk/transform/insight.ts";
import { requestOf, type InsightFlags } from "#worker/cli/insight-flags.ts";
import { RECORD_VARIABLE } from "#sdk/transform/recording.ts";
import { usage } from "#worker/cli/usage.ts";
import type { Terminal } from "#worker/cli/terminal.ts";
import { WorkerError } from "#worker/error.ts";

export interface TestFlags extends InsightFlags {
  readonly watch?: boolean;
  readonly record?: boolean;
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numTotalTests: number;
}

export async function runTests(
  terminal: Terminal,
  flags: TestFlags,
  ...filters: string[]
): Promise<void> {
  const request = requestOf(flags);
  const watches = flags.watch === true;
  if (watches && terminal.isJson)
    throw usage("--watch does not end, and --json is one line at the end");
  const vitest = findVitest();
  const directory = mkdtempSync(join(tmpdir(), "hermetic-test-"));
  try {
    const resultFile = join(directory, "insight.json");
    const quietly = terminal.isJson ? { quiet: true } : {};
    const isAsked = terminal.isJson || Object.keys(request).length > 0;
    const asked = JSON.stringify({ ...request, ...quietly, resultFile });
    const environment = {
      ...(isAsked ? { [INSIGHT_VARIABLE]: asked } : {}),
      ...(flags.record === true ? { [RECORD_VARIABLE]: "1" } : {}),
    };
    const file = join(directory, "report.json");
    const quiet = ["--reporter=json", `--outputFile=${file}`];
    const told = request.traceLevel === undefined ? [] : ["--reporter=verbose"];
    const own = terminal.isJson ? quiet : told;
    // With a provider of vitest's, contracts become a part of its report.
    const merged = request.coverage === true && hasCoverageProvider() ? ["--coverage"] : [];
    const args = [vitest, watches ? "watch" : "run", ...own, ...merged, ...filters];
    const status = await ended(args, environment, terminal.isJson ? "ignore" : "inherit");
    // Who watches has seen how the tests went, and has ended it.
    if (watches) return;
    const result = readJson<InsightResult>(resultFile);
    if (!terminal.isJson) return check(status, result);
    const report = readJson<VitestReport>(file);
    if (report === undefined) {
      throw new WorkerError("TESTS_FAILED", { subject: "vitest ended without a report" });
    }
    const { numPassedTests: passed, numFailedTests: failed, numTotalTests: total } = report;
    check(status, result, { passed, failed, total });
    const { gas, gasCheck, coverage, warnings = [] } = result ?? {};
    terminal.result({ passed, failed, total, warnings, gas, gasCheck, coverage }, []);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** @throws {@link WorkerError} `TESTS_FAILED` or `GAS_RAISED`. */
function check(
  status: number | null,
  result: InsightResult | undefined,
  facts: Readonly<Record<string, number>> = {},
): void {
  if (status === 0) return;
  const { isPassed = false, gasCheck } = result ?? {};
  if (!isPassed || gasCheck === undefined) throw new WorkerError("TESTS_FAILED", { facts });
  const names = gasCheck.dearer.map(({ contract, method }) => `${contract}.${method}`);
  const subject = gasCheck.problem ?? [...new Set(names)].join(", ");
  throw new WorkerError("GAS_RAISED", { subject });
}

/** @throws {@link WorkerError} `MISSING_TOOL` if the project has none. */
function findVitest(): string {
  try {
    const project = createRequire(join(process.cwd(), "package.json"));
    return join(dirname(project.resolve("vitest/package.json")), "vitest.mjs");
  } catch (cause) {
    throw new WorkerError("MISSING_TOOL", { subject: "vitest", cause });
  }
}

/** Whether the project can count what runs of its TypeScript too. */
function hasCoverageProvider(): boolean {
  const project = createRequire(join(process.cwd(), "package.json"));
  return ["v8", "istanbul"].some((name) => {
    try {
      project.resolve(`@vitest/coverage-${name}/package.json`);
      return true;
    } catch {
      return false;
    }
  });
}

function ended(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  output: "inherit" | "ignore",
): Promise<number | null> {
  const child = spawn(process.execPath, args, {
    stdio: ["inherit", output, "inherit"],
    env: { ...process.env, ...environment },
  });
  // The terminal interrupts both: vitest ends its processes, and only then this one ends.
  const wait = (): void => undefined;
  const end = (): boolean => child.kill("SIGTERM");
  process.on("SIGINT", wait).on("SIGTERM", end);
  return new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", resolve);
  }).finally(() => process.off("SIGINT", wait).off("SIGTERM", end));
}

function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch {
    return undefined; // it ended before it could write
  }
}
