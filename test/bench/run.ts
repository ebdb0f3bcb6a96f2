/**
 * `npm run bench`: measures, prints, and keeps the numbers with the machine and the commit.
 *
 * `npm run bench -- call query` runs some suites only; `--save` writes the result into
 * `test/bench/results`. The exit code is 1 if a bound is missed: a bench is read, not raced in CI.
 *
 * @module
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeMachine } from "#test/bench/machine.ts";
import { formatRow, keepsBound, type Row } from "#test/bench/row.ts";
import { suites } from "#test/bench/suites.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { save: { type: "boolean", default: false } },
});

const unknown = positionals.filter((name) => !suites.has(name));
if (unknown.length > 0) {
  console.error(`no suite ${unknown.join(", ")}; there are ${[...suites.keys()].join(", ")}`);
  process.exit(2);
}

const machine = describeMachine();
console.log(
  `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, commit ${machine.commit}`,
);
const results: Record<string, readonly Row[]> = {};
for (const [name, load] of suites) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  console.log(`\n— ${name}`);
  const suite = await load();
  const rows = await suite.run();
  for (const row of rows) console.log(formatRow(row));
  results[name] = rows;
}

if (values.save) {
  const folder = join(import.meta.dirname, "results");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${machine.date}-${machine.commit}.json`);
  writeFileSync(file, `${JSON.stringify({ machine, results }, undefined, 2)}\n`);
  console.log(`\nsaved ${file}`);
}
const missed = Object.values(results)
  .flat()
  .filter((row) => !keepsBound(row));
process.exitCode = missed.length > 0 ? 1 : 0;
