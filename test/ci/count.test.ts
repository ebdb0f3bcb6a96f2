import { describe, expect, it } from "vitest";
import { count, type Report } from "#test/ci/count.ts";

function report(passed: number, failed: number, broken: number): Report {
  const file = (status: string) => ({ status, assertionResults: [{ status }] });
  return {
    numPassedTests: passed,
    numFailedTests: failed,
    testResults: [
      ...Array.from({ length: passed }, () => file("passed")),
      ...Array.from({ length: failed }, () => file("failed")),
      ...Array.from({ length: broken }, () => ({ status: "failed", assertionResults: [] })),
    ],
  };
}

describe("count()", () => {
  it("counts the tests of a clean run", () => {
    expect(count(report(3, 0, 0), true)).toEqual({ passed: 3, failed: 0 });
  });

  it("counts failed tests once", () => {
    expect(count(report(3, 2, 0), false)).toEqual({ passed: 3, failed: 2 });
  });

  it("counts a file that does not load", () => {
    expect(count(report(3, 0, 1), false)).toEqual({ passed: 3, failed: 1 });
  });

  it("counts an error outside of every test", () => {
    expect(count(report(3, 0, 0), false)).toEqual({ passed: 3, failed: 1 });
  });

  it("counts a run without a report as failed, even if it says it was clean", () => {
    expect(count(undefined, true)).toEqual({ passed: 0, failed: 1 });
  });
});
