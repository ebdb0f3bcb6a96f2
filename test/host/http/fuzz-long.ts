/**
 * The long search of `fuzz.test.ts`: one process at the lowest priority, which can be stopped and goes on where
 * it was.
 *
 * `node --conditions=hermetic-source test/host/http/fuzz-long.ts --inputs 10000000 --save`
 *
 * Inputs are numbered from `--seed` on, so any machine repeats any of them. With `--save` the count is kept in
 * `test/host/http/results/`, under the commit, and a second start continues it. Exits with 1 if an answer was
 * not listed.
 *
 * @module
 */
import { constants, setPriority } from "node:os";
import { parseArgs } from "node:util";
import { FuzzRecord } from "#test/support/fuzz/record.ts";
import { targetOf } from "#test/support/fuzz/targets.ts";
import { Tape } from "#test/support/random/tape.ts";
import { tapeOf } from "#test/support/random/tapes.ts";

/** Inputs between two looks at the file. */
const CHUNK = 100_000;

const { values } = parseArgs({
  options: {
    inputs: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    save: { type: "boolean", default: false },
  },
});

setPriority(constants.priority.PRIORITY_LOW);
const seed = Number(values.seed);
const wanted = Number(values.inputs);
const record = new FuzzRecord(seed, values.save);
let startedMs = performance.now();
while (record.inputs < wanted) {
  const end = Math.min(wanted, record.inputs + CHUNK);
  while (record.inputs < end) {
    const { name, run } = targetOf(record.inputs);
    try {
      const verdict = run(new Tape(tapeOf(seed + record.inputs)));
      record.count(name, typeof verdict === "string" ? verdict : await verdict);
    } catch (error) {
      const what = error instanceof Error ? error : new Error(String(error));
      record.count(name, what);
      console.log(`input ${record.inputs - 1}, ${name}: ${what.stack}`);
    }
  }
  record.spend(performance.now() - startedMs);
  startedMs = performance.now();
  console.log(`${record.inputs} inputs, ${record.unlisted} unlisted`);
}
process.exitCode = record.unlisted === 0 ? 0 : 1;
