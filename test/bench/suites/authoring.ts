/**
 * The author's wait: compiling a contract for the first time in a process, and again.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { median } from "#test/bench/measure.ts";
import type { Row } from "#test/bench/row.ts";

const RUNS = 8;

export function run(): Promise<Row[]> {
  const compile = join(import.meta.dirname, "../load/compile.ts");
  const entry = join(import.meta.dirname, "../../../contracts/auction/auction.ts");
  const output = execFileSync(
    process.execPath,
    ["--conditions=hermetic-source", compile, entry, String(RUNS)],
    { encoding: "utf8" },
  );
  const [first = Number.NaN, ...warm] = JSON.parse(output) as number[];
  return Promise.resolve([
    { name: "first compile of the auction in a process", value: first, unit: "ms" },
    {
      name: "warm compile of the auction",
      value: median(warm),
      unit: "ms",
      bound: { kind: "at most", value: 1_000 },
    },
  ]);
}
