/**
 * How often each part of a source file ran, over all contracts that hold it and all calls.
 *
 * @module
 */
import type { CounterId, FileParts, ProbeMap } from "#sdk/transform/probes/probe-map.ts";
import type { CoverageShare } from "#sdk/transform/insight.ts";

/** How often a part ran. */
interface Count {
  readonly count: number;
}

export type FileCoverage = FileParts<Count>;

/** Counters of a contract, by the hash of its code. */
export type Counters = Readonly<Record<string, readonly number[]>>;

/** Adds up, counter by counter. */
export function addCounters(all: readonly Counters[]): Counters {
  const sums: Record<string, number[]> = {};
  for (const [codeHash, counts] of all.flatMap((each) => Object.entries(each))) {
    const sum = (sums[codeHash] ??= counts.map(() => 0));
    for (const [index, count] of counts.entries()) sum[index] = (sum[index] ?? 0) + count;
  }
  return sums;
}

/**
 * Files in the order of their paths. One that several contracts hold is counted once, with what it did in
 * each.
 *
 * @param probesOf - What the counters of a contract stand for.
 */
export function fileCoverages(
  counters: Counters,
  probesOf: (codeHash: string) => ProbeMap | undefined,
): FileCoverage[] {
  const files = new Map<string, FileCoverage>();
  for (const [codeHash, counts] of Object.entries(counters)) {
    for (const covered of coveredFiles(probesOf(codeHash), counts)) {
      const known = files.get(covered.file);
      files.set(covered.file, known === undefined ? covered : sumOf(known, covered));
    }
  }
  return [...files.values()].toSorted((a, b) => (a.file < b.file ? -1 : 1));
}

function coveredFiles(probes: ProbeMap | undefined, counts: readonly number[]): FileCoverage[] {
  const counted = <P extends CounterId>({ id, ...rest }: P) => {
    return { ...rest, count: counts[id] ?? 0 };
  };
  return (probes?.files ?? []).map(({ file, functions, statements, branches }) => ({
    file,
    functions: functions.map(counted),
    statements: statements.map(counted),
    branches: branches.map(({ arms, ...branch }) => ({ ...branch, arms: arms.map(counted) })),
  }));
}

/** Two coverages of one text: their parts are the same, in the same order. */
function sumOf(one: FileCoverage, other: FileCoverage): FileCoverage {
  const sum = <C extends Count>(parts: readonly C[], others: readonly Count[]): C[] =>
    parts.map((part, index) => ({ ...part, count: part.count + (others[index]?.count ?? 0) }));
  return {
    file: one.file,
    functions: sum(one.functions, other.functions),
    statements: sum(one.statements, other.statements),
    branches: one.branches.map((branch, index) => ({
      ...branch,
      arms: sum(branch.arms, other.branches[index]?.arms ?? []),
    })),
  };
}

/** How often each line ran that a statement begins on: its busiest one counts. */
export function lineCounts({ statements }: FileCoverage): ReadonlyMap<number, number> {
  const lines = new Map<number, number>();
  for (const { from, count } of statements) {
    lines.set(from[0], Math.max(lines.get(from[0]) ?? 0, count));
  }
  return new Map([...lines].toSorted(([a], [b]) => a - b));
}

export interface Summary {
  readonly lines: CoverageShare;
  readonly branches: CoverageShare;
  readonly functions: CoverageShare;
}

export function summaryOf(files: readonly FileCoverage[]): Summary {
  const share = (counts: readonly number[]): CoverageShare => ({
    ran: counts.filter((count) => count > 0).length,
    all: counts.length,
  });
  return {
    lines: share(files.flatMap((file) => [...lineCounts(file).values()])),
    branches: share(
      files.flatMap(({ branches }) =>
        branches.flatMap(({ arms }) => arms.map(({ count }) => count)),
      ),
    ),
    functions: share(files.flatMap(({ functions }) => functions.map(({ count }) => count))),
  };
}

/** Per cent with one digit; all of nothing is a hundred. */
export function percent({ ran, all }: CoverageShare): string {
  return (all === 0 ? 100 : Math.floor((ran / all) * 1000) / 10).toFixed(1);
}
