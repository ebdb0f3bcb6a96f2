/**
 * The long search of `reference.test.ts`: one process at the lowest priority, which can be stopped and goes on
 * where it was.
 *
 * `node --conditions=hermetic-source test/host/vm/reference-long.ts --programs 1000000 --save`
 *
 * Programs are numbered from `--seed` on, so any machine repeats any of them. With `--save` the count is kept in
 * `test/conformance/results/`, under the meter's version and the commit, and a second start continues it. Exits
 * with 1 if the machines disagreed.
 *
 * @module
 */
import { constants, setPriority } from "node:os";
import { parseArgs } from "node:util";
import { METER_VERSION } from "#host/vm/meter/prices.ts";
import { freshCount } from "#test/support/random/coverage.ts";
import { randomModule } from "#test/support/random/module.ts";
import { shrink } from "#test/support/random/shrink.ts";
import { tapeOf } from "#test/support/random/tapes.ts";
import { agree } from "#test/support/reference/agreement.ts";
import { SearchRecord } from "#test/support/reference/record.ts";

/** Programs between two looks at the file. */
const CHUNK = 1_000;
const SHRINK_TRIES = 3_000;

const { values } = parseArgs({
  options: {
    programs: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    save: { type: "boolean", default: false },
  },
});

/** What is wrong with the program on a tape; undefined if nothing. */
function complaint(tape: readonly number[], executed: Uint32Array): string | undefined {
  try {
    agree(randomModule(tape), executed);
    return undefined;
  } catch (error) {
    return String(error);
  }
}

setPriority(constants.priority.PRIORITY_LOW);
const seed = Number(values.seed);
const wanted = Number(values.programs);
const record = new SearchRecord(seed, METER_VERSION, values.save);
const executed = freshCount();
let startedMs = performance.now();
while (record.programs < wanted) {
  const end = Math.min(wanted, record.programs + CHUNK);
  for (; record.programs < end; record.programs++) {
    const number = seed + record.programs;
    const tape = tapeOf(number);
    if (complaint(tape, executed) === undefined) continue;
    const fails = (shorter: readonly number[]): boolean =>
      complaint(shorter, freshCount()) !== undefined;
    const least = shrink(tape, fails, SHRINK_TRIES);
    const what = complaint(least, freshCount()) ?? "";
    record.disagree(number, what, randomModule(least));
    console.log(`program ${number}: ${what}`);
  }
  record.spend(performance.now() - startedMs, executed);
  startedMs = performance.now();
  console.log(`${record.programs} programs, ${record.disagreements} disagreements`);
}
process.exitCode = record.disagreements === 0 ? 0 : 1;
