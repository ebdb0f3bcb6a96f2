/**
 * Counts what a test run says about itself, never in its favour.
 *
 * @module
 */

/** What the tests of a file came to. A file that failed as a whole counts as one failed test. */
export interface FileResult {
  /** Relative to the project. */
  readonly file: string;
  readonly passed: number;
  readonly failed: number;
}

export interface Report {
  readonly files: readonly FileResult[];
  /** Errors outside of every test. */
  readonly errors: number;
}

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** So many files may fail by chance: hundreds of real processes and sockets share the machine. */
const CHANCE_FILES = 4;

/**
 * Which files to run once more, alone: those that failed, if they are few.
 *
 * What fails by timing fails seldom and in one place; what is wrong fails again.
 */
export function toRunAgain(report: Report): readonly string[] {
  const failed = report.files.filter((file) => file.failed > 0).map(({ file }) => file);
  return failed.length <= CHANCE_FILES ? failed : [];
}

/** The first run, with the results of a second one in place of those of the files that it names. */
export function merged(first: Report, again: readonly string[], second: Report): Report {
  const kept = first.files.filter(({ file }) => !again.includes(file));
  const repeated = again.map(
    (name) =>
      second.files.find(({ file }) => file === name) ?? { file: name, passed: 0, failed: 1 },
  );
  return { files: [...kept, ...repeated], errors: first.errors + second.errors };
}

/**
 * Counts tests, and an error outside of every test as a failed one.
 *
 * @param report - Undefined if the run ended before it wrote one.
 * @param clean - Whether vitest ended with exit code 0.
 */
export function count(report: Report | undefined, clean: boolean): Counts {
  if (report === undefined) return { passed: 0, failed: 1 };
  const sum = (of: "passed" | "failed") => report.files.reduce((all, file) => all + file[of], 0);
  const failed = sum("failed") + report.errors;
  return { passed: sum("passed"), failed: failed === 0 && !clean ? 1 : failed };
}
