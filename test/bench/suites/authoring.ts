/**
 * The author's wait: compiling a contract for the first time in a process, and again.
 *
 * @module
 */
import { join } from "node:path";
import { build } from "hermetic/build";
import { median, timeOnce } from "#test/bench/measure.ts";
import type { Row } from "#test/bench/row.ts";

const WARM_RUNS = 7;

export async function run(): Promise<Row[]> {
  const entry = join(import.meta.dirname, "../../../contracts/auction/auction.ts");
  const first = await timeOnce(() => build({ entry }));
  const warm: number[] = [];
  for (let i = 0; i < WARM_RUNS; i++) warm.push(await timeOnce(() => build({ entry })));
  return [
    { name: "first compile of the auction in a process", value: first, unit: "ms" },
    {
      name: "warm compile of the auction",
      value: median(warm),
      unit: "ms",
      bound: { kind: "at most", value: 1_000 },
    },
  ];
}
