/**
 * Coverage as one page of HTML that needs nothing else: no script, no font, no network.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import {
  lineCounts,
  percent,
  summaryOf,
  type FileCoverage,
} from "#sdk/testing/insight/covered/file-coverage.ts";
import { escaped } from "#sdk/testing/insight/markup.ts";
import type { CoverageShare } from "#sdk/transform/insight.ts";

const STYLE = `
:root { color-scheme: light dark; --ran: #2da04433; --not: #e5484d33; --part: #f5a52455; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; }
th, td { padding: .25rem .8rem; text-align: right; font-variant-numeric: tabular-nums; }
th:first-child, td:first-child { text-align: left; }
thead th { border-bottom: 1px solid #8888; }
tfoot td { border-top: 1px solid #8888; font-weight: 600; }
summary { cursor: pointer; font-weight: 600; margin-top: 1.5rem; }
pre { overflow-x: auto; font: 13px/1.5 ui-monospace, monospace; }
pre span { display: block; }
pre span::before { content: attr(data-line) "  " attr(data-count); display: inline-block; width: 9rem;
  padding-right: 1rem; text-align: right; opacity: .55; white-space: pre; }
.ran { background: var(--ran); } .not { background: var(--not); } .part { background: var(--part); }
`;

/** @param root - Paths are shown from here. */
export function coveragePage(files: readonly FileCoverage[], root: string): string {
  const rows = files.map((file) => {
    const path = relative(root, file.file);
    return `<tr><td><a href="#${encodeURIComponent(path)}">${escaped(path)}</a></td>${cells([file])}</tr>`;
  });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Coverage of contracts</title>
<style>${STYLE}</style>
<h1>Coverage of contracts</h1>
<table>
<thead><tr><th>file</th><th>lines</th><th></th><th>branches</th><th></th><th>functions</th><th></th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
<tfoot><tr><td>all</td>${cells(files)}</tr></tfoot>
</table>
<p>Each line has the number of times it ran. <span class="part">&nbsp;This colour&nbsp;</span> marks lines with a
branch that was not taken; hover over one to see which.</p>
${files.map((file) => source(file, root)).join("\n")}
</html>
`;
}

function cells(files: readonly FileCoverage[]): string {
  const { lines, branches, functions } = summaryOf(files);
  const cell = (share: CoverageShare): string =>
    `<td>${percent(share)} %</td><td>${share.ran}/${share.all}</td>`;
  return [lines, branches, functions].map(cell).join("");
}

function source(file: FileCoverage, root: string): string {
  const path = relative(root, file.file);
  const counts = lineCounts(file);
  const missed = missedBranches(file);
  const lines = readFileSync(file.file, "utf8").split("\n");
  const shown = lines.map((text, index) => {
    const line = index + 1;
    const count = counts.get(line);
    const notes = missed.get(line) ?? [];
    const kind = count === undefined ? "" : count === 0 ? "not" : "ran";
    const style = notes.length > 0 && count !== 0 ? "part" : kind;
    const note = notes.length > 0 ? ` title="${escaped(notes.join("; "))}"` : "";
    const times = count === undefined ? "" : `${count}×`;
    return `<span class="${style}" data-line="${line}" data-count="${times.padStart(8)}"${note}>${escaped(text) || " "}</span>`;
  });
  return `<details open id="${encodeURIComponent(path)}"><summary>${escaped(path)}</summary>
<pre>${shown.join("")}</pre></details>`;
}

const ARM_NAMES = { if: ["if", "else"], conditional: ["?", ":"] } as const;

/** By the line on which the branch begins, what was not taken there. */
function missedBranches({ branches }: FileCoverage): ReadonlyMap<number, readonly string[]> {
  const missed = new Map<number, string[]>();
  for (const { kind, from, arms } of branches) {
    for (const [index, { count, from: at }] of arms.entries()) {
      if (count > 0) continue;
      const [line] = kind === "switch" || kind === "logical" ? at : from;
      const name =
        kind === "if" || kind === "conditional"
          ? `"${ARM_NAMES[kind][index]}" was not taken`
          : kind === "switch"
            ? "this case was not taken"
            : `operand ${index + 1} was not reached`;
      missed.set(line, [...(missed.get(line) ?? []), name]);
    }
  }
  return missed;
}
