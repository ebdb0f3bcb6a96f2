/**
 * Counts what a test run says about itself, never in its favour.
 *
 * @module
 */

/** The part of vitest's JSON report that is counted. */
export interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/**
 * Counts tests, and adds what is not a test: a file that fails as a whole (it does not load, or its
 * setup throws) and an error outside of every test count as one failure each.
 *
 * @param report - Undefined if the run ended before it wrote one.
 * @param clean - Whether vitest ended with exit code 0.
 */
export function count(report: Report | undefined, clean: boolean): Counts {
  if (report === undefined) return { passed: 0, failed: 1 };
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((result) => result.status === "failed"),
  );
  const failed = report.numFailedTests + broken.length;
  return { passed: report.numPassedTests, failed: failed === 0 && !clean ? 1 : failed };
}
