/**
 * Compiles a contract some times and prints the milliseconds of each as JSON.
 *
 * A process of its own: the enclave's V8 flags, under which contracts are measured, slow the compiler down.
 * Run as `node compile.ts FILE TIMES`.
 *
 * @module
 */
import { build } from "hermetic/build";
import { timeOnce } from "#test/bench/measure.ts";

const [entry = "", times = "1"] = process.argv.slice(2);
const samples: number[] = [];
for (let i = 0; i < Number(times); i++) samples.push(await timeOnce(() => build({ entry })));
console.log(JSON.stringify(samples));
