/**
 * The thread that compiles: it loads the compiler once, and then does one job after the other.
 *
 * @module
 */
import { parentPort } from "node:worker_threads";
import type { Answer, Job, Makes, Order } from "#sdk/testing/vitest/compiler/jobs.ts";
import { build, BuildError, buildUnitTests } from "#sdk/transform/index.ts";

async function make({ kind, file, coverage }: Job): Promise<Makes[keyof Makes]> {
  if (kind === "units") return await buildUnitTests(file);
  const { contracts } = await build({ entry: file, coverage });
  const [contract] = contracts;
  if (contract === undefined) throw new Error(`${file} was built to nothing`);
  return contract;
}

async function answer(order: Order): Promise<Answer> {
  const { id } = order;
  try {
    return { id, made: await make(order) };
  } catch (error) {
    if (!(error instanceof BuildError)) return { id, failure: error };
    return { id, mistakes: error.diagnostics, inputs: error.inputs };
  }
}

let last: Promise<void> = Promise.resolve();
parentPort?.on("message", (order: Order) => {
  last = last.then(async () => parentPort?.postMessage(await answer(order)));
});
