import { describe, expect, it } from "vitest";
import { count, merged, toRunAgain, type FileResult, type Report } from "#test/ci/count.ts";

const file = (name: string, passed: number, failed = 0): FileResult => {
  return { file: name, passed, failed };
};
const report = (files: FileResult[], errors = 0): Report => ({ files, errors });

describe("count()", () => {
  it("adds up a clean run", () => {
    expect(count(report([file("a", 2), file("b", 1)]), true)).toEqual({ passed: 3, failed: 0 });
  });

  it("adds up failed tests", () => {
    expect(count(report([file("a", 2, 1), file("b", 1, 1)]), false)).toEqual({
      passed: 3,
      failed: 2,
    });
  });

  it("counts an error outside of every test", () => {
    expect(count(report([file("a", 3)], 1), false)).toEqual({ passed: 3, failed: 1 });
  });

  it("counts an unclean end that no file and no error explains", () => {
    expect(count(report([file("a", 3)]), false)).toEqual({ passed: 3, failed: 1 });
  });

  it("counts a run without a report as failed, even if it says it was clean", () => {
    expect(count(undefined, true)).toEqual({ passed: 0, failed: 1 });
  });
});

describe("a second run", () => {
  it("is for a few files that failed", () => {
    expect(toRunAgain(report([file("a", 3), file("b", 2, 1)]))).toEqual(["b"]);
  });

  it("is for none, if many failed or none", () => {
    const many = Array.from({ length: 5 }, (_, at) => file(`${at}`, 1, 1));
    expect(toRunAgain(report(many))).toEqual([]);
    expect(toRunAgain(report([file("a", 3)]))).toEqual([]);
  });

  it("counts in place of the first, for these files only", () => {
    const first = report([file("a", 3), file("b", 2, 1)]);
    const second = report([file("b", 3), file("bb", 7)]);
    expect(count(merged(first, ["b"], second), true)).toEqual({ passed: 6, failed: 0 });
  });

  it("keeps what fails twice", () => {
    const both = report([file("a", 2, 1)]);
    expect(count(merged(both, ["a"], both), false)).toEqual({ passed: 2, failed: 1 });
  });

  it("keeps a file that it did not run", () => {
    const first = report([file("a", 2, 1), file("b", 1)]);
    expect(count(merged(first, ["a"], report([])), true)).toEqual({ passed: 1, failed: 1 });
  });

  it("keeps the errors of both", () => {
    const first = report([file("a", 2, 1)], 1);
    expect(count(merged(first, ["a"], report([file("a", 3)], 1)), true).failed).toBe(2);
  });
});
