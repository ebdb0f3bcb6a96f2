/**
 * `npm test`: runs vitest and ends with one line, `N passed, N failed`.
 *
 * Arguments go to vitest. A file that fails as a whole and an error outside of a test count as failed.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    status: string;
    assertionResults: readonly { status: string }[];
  }[];
}

const folder = mkdtempSync(join(tmpdir(), "hermetic-test-"));
const file = join(folder, "report.json");
try {
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const args = ["run", ...reporters, ...process.argv.slice(2)];
  const { status } = spawnSync("vitest", args, { stdio: "inherit" });
  const { passed, failed } = count(file, status === 0);
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}

function count(path: string, clean: boolean): { passed: number; failed: number } {
  if (!existsSync(path)) return { passed: 0, failed: 1 };
  const report = JSON.parse(readFileSync(path, "utf8")) as Report;
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((result) => result.status === "failed"),
  );
  const failed = report.numFailedTests + unloaded.length;
  return { passed: report.numPassedTests, failed: failed === 0 && !clean ? 1 : failed };
}
