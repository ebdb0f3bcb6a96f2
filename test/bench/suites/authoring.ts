/**
 * The author's wait: compiling a contract, a call in a test, and a test that watches the contract's file.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { leastDifference, median } from "#test/bench/measure.ts";
import type { Row } from "#test/bench/row.ts";

const COMPILES = 8;
const CALLS = 3_000;
const SAVES = 12;

const load = join(import.meta.dirname, "../load");
const auction = join(import.meta.dirname, "../../../contracts/auction/auction.ts");

/** What a program of `load` measured, in a process of its own. */
function measured(program: string, ...args: readonly string[]): unknown {
  const flags = ["--conditions=hermetic-source", join(load, program), ...args];
  return JSON.parse(execFileSync(process.execPath, flags, { encoding: "utf8" }));
}

export function run(): Promise<Row[]> {
  return Promise.resolve([...compiling(), ...calling(), ...saving()]);
}

function compiling(): Row[] {
  const [first = Number.NaN, ...warm] = measured(
    "compile.ts",
    auction,
    String(COMPILES),
  ) as number[];
  return [
    { name: "first compile of the auction in a process", value: first, unit: "ms" },
    {
      name: "warm compile of the auction",
      value: median(warm),
      unit: "ms",
      bound: { kind: "at most", value: 800 },
    },
  ];
}

function calling(): Row[] {
  const {
    bare = [],
    query = [],
    command = [],
  } = measured("kit-call.ts", String(CALLS)) as Record<string, number[]>;
  return [
    { name: "a query of hello in a world", value: median(query), unit: "µs" },
    { name: "a command of hello in a world", value: median(command), unit: "µs" },
    {
      name: "what a world adds to a query that the host runs",
      value: leastDifference(query, bare),
      unit: "µs",
      bound: { kind: "at most", value: 150 },
    },
  ];
}

function saving(): Row[] {
  const [, ...samples] = measured("watch.ts", String(SAVES)) as number[];
  return [
    {
      name: "from saving hello to its test's answer, under watch",
      value: median(samples),
      unit: "ms",
      bound: { kind: "at most", value: 500 },
    },
  ];
}
