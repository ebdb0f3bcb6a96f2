/**
 * What a run with coverage leaves: into vitest's own report if there is one, else files and a table of ours.
 *
 * @module
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import {
  addCounters,
  fileCoverages,
  lineCounts,
  percent,
  summaryOf,
  type Counters,
  type FileCoverage,
} from "#sdk/testing/insight/covered/file-coverage.ts";
import { istanbulCoverage } from "#sdk/testing/insight/covered/istanbul.ts";
import { lcovText } from "#sdk/testing/insight/covered/lcov.ts";
import { coveragePage } from "#sdk/testing/insight/covered/page.ts";
import { tableLines } from "#sdk/testing/insight/table.ts";
import type { ProbeMap } from "#sdk/transform/probes/probe-map.ts";

/** What the contracts of this run count, by the hash of their code. */
const probeMaps = new Map<string, ProbeMap>();

/** Notes what the counters of a contract stand for. */
export function rememberProbes(codeHash: string, probes: ProbeMap | undefined): void {
  if (probes !== undefined) probeMaps.set(codeHash, probes);
}

export function coverageOf(counters: readonly Counters[]): FileCoverage[] {
  return fileCoverages(addCounters(counters), (codeHash) => probeMaps.get(codeHash));
}

/** Writes `lcov.info`, `index.html` and istanbul's `coverage-final.json`. */
export function writeCoverage(
  files: readonly FileCoverage[],
  directory: string,
  root: string,
): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "lcov.info"), lcovText(files, root));
  writeFileSync(join(directory, "index.html"), coveragePage(files, root));
  const json = `${JSON.stringify(istanbulCoverage(files))}\n`;
  writeFileSync(join(directory, "coverage-final.json"), json);
}

/** Lines of text: a row for each file, with what never ran. */
export function coverageLines(files: readonly FileCoverage[], root: string): string[] {
  const row = (name: string, of: readonly FileCoverage[], missed: string): string[] => {
    const { lines, branches, functions } = summaryOf(of);
    return [name, percent(lines), percent(branches), percent(functions), missed];
  };
  return tableLines(
    ["file", "lines %", "branches %", "functions %", "lines that never ran"],
    [
      ...files.map((file) => row(relative(root, file.file), [file], missedLines(file))),
      row("all", files, ""),
    ],
  );
}

/** `3-5, 9`: lines without a statement do not part a range. */
function missedLines(file: FileCoverage): string {
  const ranges: [number, number][] = [];
  let isOpen = false;
  for (const [line, count] of lineCounts(file)) {
    const last = ranges.at(-1);
    if (count > 0) isOpen = false;
    else if (isOpen && last !== undefined) last[1] = line;
    else {
      ranges.push([line, line]);
      isOpen = true;
    }
  }
  return ranges.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(", ");
}
