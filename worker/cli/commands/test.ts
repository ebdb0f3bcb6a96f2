/**
 * `hermetic test`: runs the tests of the user's project with the project's own vitest.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Terminal } from "#worker/cli/terminal.ts";
import { WorkerError } from "#worker/error.ts";

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numTotalTests: number;
}

export async function runTests(
  terminal: Terminal,
  _options: object,
  ...filters: string[]
): Promise<void> {
  const vitest = findVitest();
  if (!terminal.isJson) {
    const status = await vitestStatus(vitest, ["run", ...filters], "inherit");
    if (status !== 0) throw new WorkerError("TESTS_FAILED");
    return;
  }
  const directory = mkdtempSync(join(tmpdir(), "hermetic-test-"));
  try {
    const file = join(directory, "report.json");
    const flags = ["run", "--reporter=json", `--outputFile=${file}`, ...filters];
    const status = await vitestStatus(vitest, flags, "ignore");
    const report = readReport(file);
    const {
      numPassedTests: passed = 0,
      numFailedTests: failed = 0,
      numTotalTests: total = 0,
    } = report;
    if (status !== 0) throw new WorkerError("TESTS_FAILED", { facts: { passed, failed, total } });
    terminal.result({ passed, failed, total }, []);
  } finally {
    rmSync(directory, { recursive: true });
  }
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

function vitestStatus(
  vitest: string,
  flags: readonly string[],
  output: "inherit" | "ignore",
): Promise<number | null> {
  const child = spawn(process.execPath, [vitest, ...flags], {
    stdio: ["inherit", output, "inherit"],
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", resolve);
  });
}

function readReport(file: string): Partial<VitestReport> {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as VitestReport;
  } catch (cause) {
    throw new WorkerError("TESTS_FAILED", { subject: "vitest ended without a report", cause });
  }
}
