/**
 * A vitest reporter that writes what each file came to, as JSON, where `HERMETIC_TEST_REPORT` says.
 *
 * @module
 */
import { writeFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";
import type { FileResult, Report } from "#test/ci/count.ts";

function result(module: TestModule): FileResult {
  const tests = [...module.children.allTests()];
  const failed = tests.filter((test) => test.result().state === "failed").length;
  return {
    file: module.relativeModuleId,
    passed: tests.filter((test) => test.result().state === "passed").length,
    // A file that does not load, or whose set-up throws, failed as a whole.
    failed: failed === 0 && module.state() === "failed" ? 1 : failed,
  };
}

export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const path = process.env.HERMETIC_TEST_REPORT;
    if (path === undefined) throw new Error("HERMETIC_TEST_REPORT names no file");
    const report: Report = { files: modules.map(result), errors: errors.length };
    writeFileSync(path, JSON.stringify(report));
  }
}
