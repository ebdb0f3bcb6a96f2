/**
 * Coverage as istanbul knows it: what vitest's own coverage is made of, and other tools merge.
 *
 * @module
 */
import type { FileCoverage } from "#sdk/testing/insight/covered/file-coverage.ts";
import type { Place } from "#sdk/transform/probes/probe-map.ts";

/** By absolute path. */
export type IstanbulCoverage = Readonly<Record<string, object>>;

const KINDS = { if: "if", conditional: "cond-expr", logical: "binary-expr", switch: "switch" };

export function istanbulCoverage(files: readonly FileCoverage[]): IstanbulCoverage {
  return Object.fromEntries(files.map((file) => [file.file, istanbulFile(file)]));
}

function istanbulFile({ file, functions, statements, branches }: FileCoverage): object {
  return {
    path: file,
    statementMap: numbered(statements.map(location)),
    fnMap: numbered(
      functions.map((each) => {
        const loc = location(each);
        return { name: each.name, decl: loc, loc, line: loc.start.line };
      }),
    ),
    branchMap: numbered(
      branches.map((each) => {
        const loc = location(each);
        const locations = each.arms.map(location);
        return { type: KINDS[each.kind], loc, locations, line: loc.start.line };
      }),
    ),
    s: numbered(statements.map(({ count }) => count)),
    f: numbered(functions.map(({ count }) => count)),
    b: numbered(branches.map(({ arms }) => arms.map(({ count }) => count))),
  };
}

/** Istanbul's columns begin at zero. */
function location({ from, to }: Place) {
  return {
    start: { line: from[0], column: from[1] - 1 },
    end: { line: to[0], column: to[1] - 1 },
  };
}

function numbered<T>(items: readonly T[]): Readonly<Record<string, T>> {
  return Object.fromEntries(items.map((item, index) => [String(index), item]));
}
