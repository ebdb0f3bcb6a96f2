/**
 * Coverage in the format of lcov, which editors and services read.
 *
 * Source: lcov 2.0, `geninfo(1)`, "FILES".
 *
 * @module
 */
import { relative } from "node:path";
import { lineCounts, type FileCoverage } from "#sdk/testing/insight/covered/file-coverage.ts";

/** @param root - Paths are written from here. */
export function lcovText(files: readonly FileCoverage[], root: string): string {
  return files.map((file) => record(file, root)).join("");
}

function record(coverage: FileCoverage, root: string): string {
  const { functions, branches } = coverage;
  const lines = lineCounts(coverage);
  const arms = branches.flatMap(({ from, arms: own }, block) =>
    own.map(({ count }, arm) => `BRDA:${from[0]},${block},${arm},${count}`),
  );
  const ran = (counts: Iterable<number>): number => [...counts].filter((count) => count > 0).length;
  return [
    "TN:",
    `SF:${relative(root, coverage.file)}`,
    ...functions.map(({ name, from }) => `FN:${from[0]},${name}`),
    ...functions.map(({ name, count }) => `FNDA:${count},${name}`),
    `FNF:${functions.length}`,
    `FNH:${ran(functions.map(({ count }) => count))}`,
    ...arms,
    `BRF:${arms.length}`,
    `BRH:${ran(branches.flatMap(({ arms: own }) => own.map(({ count }) => count)))}`,
    ...[...lines].map(([line, count]) => `DA:${line},${count}`),
    `LF:${lines.size}`,
    `LH:${ran(lines.values())}`,
    "end_of_record",
    "",
  ].join("\n");
}
