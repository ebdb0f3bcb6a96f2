/**
 * `npm test`: runs vitest and ends with one line, `N passed, N failed`. Arguments go to vitest.
 *
 * A few files that failed are run once more, alone, and named as such.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { count, merged, toRunAgain, type Report } from "#test/ci/count.ts";

interface Run {
  readonly report: Report | undefined;
  readonly clean: boolean;
}

const folder = mkdtempSync(join(tmpdir(), "hermetic-test-"));

function run(name: string, args: readonly string[]): Run {
  const path = join(folder, name);
  const reporters = ["--reporter=default", "--reporter=./test/ci/reporter.ts"];
  const { status } = spawnSync("vitest", ["run", ...reporters, ...args], {
    stdio: "inherit",
    env: { ...process.env, HERMETIC_TEST_REPORT: path },
  });
  const report = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Report) : undefined;
  return { report, clean: status === 0 };
}

function runTwice(args: readonly string[]): Run {
  const first = run("first", args);
  const again = first.report === undefined ? [] : toRunAgain(first.report);
  if (first.report === undefined || again.length === 0) return first;
  console.log(`\nFailed, and run once more, alone:\n  ${again.join("\n  ")}`);
  const second = run("second", ["--maxWorkers=1", ...again]);
  if (second.report === undefined) return first;
  return { report: merged(first.report, again, second.report), clean: second.clean };
}

try {
  const { report, clean } = runTwice(process.argv.slice(2));
  const { passed, failed } = count(report, clean);
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}
