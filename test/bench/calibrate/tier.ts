/**
 * Times the corpus in this process, whose flags hold WebAssembly in one tier; prints JSON.
 *
 * @module
 */
import { kernelWork, timePerGas, type Work } from "#test/bench/calibrate/clock.ts";
import { corpus } from "#test/bench/calibrate/corpus.ts";
import { hostKernels, hostWork, instances } from "#test/bench/calibrate/host.ts";

/** Part of a name, to measure again what a busy machine has spoilt. */
const chosen = process.argv[2] ?? "";
const works: (readonly [name: string, work: () => Work])[] = [
  ...corpus.map((kernel) => [kernel.name, () => kernelWork(kernel)] as const),
  ...hostKernels.map((kernel) => [kernel.name, () => hostWork(kernel)] as const),
  ...instances,
];
const rows = works
  .filter(([name]) => name.includes(chosen))
  .map(([name, work]) => [name, timePerGas(work())] as const);
console.log(JSON.stringify(rows));
