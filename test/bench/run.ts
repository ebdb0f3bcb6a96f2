/**
 * `npm run bench`: measures, prints, and keeps the numbers with the machine and the commit.
 *
 * `npm run bench -- vm query` runs some suites only; `--json` prints the result as JSON instead of lines; `--save`
 * keeps it in `test/bench/results`. The exit code is 1 if a bound is missed: a bench is read, not raced in CI.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { describeMachine } from "#test/bench/machine.ts";
import { formatRow, keepsBound, type Row } from "#test/bench/row.ts";
import { storeRun } from "#test/bench/stored.ts";
import { suites } from "#test/bench/suites.ts";
import { formatTable, tableOf } from "#test/bench/table.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    save: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

const unknown = positionals.filter((name) => !suites.has(name));
if (unknown.length > 0) {
  console.error(`no suite ${unknown.join(", ")}; there are ${[...suites.keys()].join(", ")}`);
  process.exit(2);
}

const machine = describeMachine();
const say = (line: string): void => {
  if (!values.json) console.log(line);
};
say(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, commit ${machine.commit}`);
const results: Record<string, readonly Row[]> = {};
for (const [name, load] of suites) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  say(`\n— ${name}`);
  const suite = await load();
  const rows = await suite.run();
  const table = tableOf(rows);
  if (table.lines.length > 0) say(`${formatTable(table)}\n`);
  for (const row of rows) if (row.subject === undefined) say(formatRow(row));
  results[name] = rows;
}

if (values.json) console.log(JSON.stringify({ machine, results }, undefined, 2));
if (values.save) {
  for (const [suite, rows] of Object.entries(results)) {
    say(`saved ${storeRun(suite, { machine, rows })}`);
  }
}
const missed = Object.values(results)
  .flat()
  .filter((row) => !keepsBound(row));
process.exitCode = missed.length > 0 ? 1 : 0;
