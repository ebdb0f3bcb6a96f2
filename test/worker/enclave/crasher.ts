/**
 * Runs commands on a supervisor until it is killed, and prints each once it is confirmed.
 *
 * @module
 */
import { writeSync } from "node:fs";
import { ask, startFake } from "../support/worker.ts";

const [, , path = "", round = ""] = process.argv;
const { supervisor } = await startFake(path, { snapshots: { deltaBytes: 1e9, heights: 40 } });

async function run(lane: number): Promise<never> {
  for (let at = 0; ; at++) {
    const envelope = `command ${round}.${lane}.${at}`;
    const answer = await ask(supervisor, envelope);
    if (answer.kind === "sealed") writeSync(1, `${envelope}\n`);
  }
}

await Promise.all(Array.from({ length: 8 }, (_, lane) => run(lane)));
