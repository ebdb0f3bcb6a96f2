/**
 * The numbers of `docs/benchmarks.md`, written from the stored runs and from nothing else.
 *
 * @module
 */
import type { Machine } from "#test/bench/machine.ts";
import { boundOf, valueOf, verdictOf, type Row } from "#test/bench/row.ts";
import { storedRun, type StoredRun } from "#test/bench/stored.ts";
import { suites } from "#test/bench/suites.ts";
import { tableOf } from "#test/bench/table.ts";

/** What stands between these two lines is written, not typed. */
export const BEGIN = "<!-- numbers: written by test/docs/benchmarks.test.ts -->";
export const END = "<!-- end of numbers -->";

/** Has a line for each instruction: who wants one reads the stored run. */
const UNSHOWN = "calibrate";

/** One section for each suite that has a stored run. */
export function numbers(): string {
  const sections = [...suites.keys()].flatMap((suite) => {
    const run = suite === UNSHOWN ? undefined : storedRun(suite);
    return run === undefined ? [] : [section(suite, run)];
  });
  return sections.join("\n\n");
}

function section(suite: string, { machine, rows }: StoredRun): string {
  const { columns, lines } = tableOf(rows);
  const kernels = lines.length === 0 ? [] : [markdownTable(["", ...columns], lines)];
  const single = rows.filter(({ subject }) => subject === undefined);
  const head = ["", "measured", "promised", ""];
  const summary = markdownTable(
    head,
    single.map((row) => [row.name, quantity(row), boundOf(row), verdictOf(row)]),
  );
  return [`### ${suite}`, origin(machine), ...kernels, summary].join("\n\n");
}

function quantity(row: Row): string {
  return `${valueOf(row)} ${row.unit}`;
}

function origin({ cpu, cores, memoryGiB, node, v8, commit, changed, date, load }: Machine): string {
  const sources = changed ? `${commit} with changes` : commit;
  const busy = load === undefined ? "" : `, load ${load}`;
  return `${cpu}, ${cores} cores, ${memoryGiB} GiB${busy}; Node ${node}, V8 ${v8}; commit ${sources}, ${date}.`;
}

/** A table as the formatter leaves it: the first column to the left, all others to the right. */
function markdownTable(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...lines.map((line) => (line[column] ?? "").length)),
  );
  const line = (cells: readonly string[]): string => {
    const padded = cells.map((cell, column) => {
      const width = widths[column] ?? 0;
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
    return `| ${padded.join(" | ")} |`;
  };
  const rule = widths.map((width, column) =>
    column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`,
  );
  return [line(head), line(rule), ...lines.map(line)].join("\n");
}
