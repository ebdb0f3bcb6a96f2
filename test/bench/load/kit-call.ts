/**
 * Calls the contract of the template `hello` in a world, and the same method in the bare host, and prints
 * the microseconds of each call as JSON.
 *
 * Run as `node kit-call.ts TIMES`.
 *
 * @module
 */
import { join } from "node:path";
import { build } from "hermetic/build";
import { createWorld } from "hermetic/testing";
import { runCall } from "#host/functions/call.ts";
import { admit } from "#host/vm/admit.ts";
import { environment, GAS } from "#test/support/contract.ts";

/** The engine compiles what runs often; calls until then do not count. */
const WARM = 500;
/** MessagePack of no arguments. */
const NO_ARGUMENTS = Uint8Array.of(0x90);

const [times = "1"] = process.argv.slice(2);
const entry = join(import.meta.dirname, "../../../templates/hello/contracts/hello.ts");
const [hello] = (await build({ entry })).contracts;
if (hello === undefined) throw new Error("the template has no contract");

const admitted = admit(hello.wasm);
const world = await createWorld();
const contract = await world.deploy(hello);
/** Bare calls and queries take turns; commands come after them, because each makes a new height to be signed. */
const contenders = {
  bare: () =>
    runCall(admitted, { method: "count", args: NO_ARGUMENTS, gasLimit: GAS }, bareQuery()),
  query: () => contract.query["count"]?.(),
  command: () => contract.command["greet"]?.({ text: "Good morning!" }),
};

const samples: Record<string, number[]> = { bare: [], query: [], command: [] };
for (const names of [["bare", "query"], ["command"]] as const) {
  for (let i = -WARM; i < Number(times); i++) {
    for (const name of names) {
      const start = performance.now();
      await contenders[name]();
      if (i >= 0) samples[name]?.push((performance.now() - start) * 1000);
    }
  }
}
console.log(JSON.stringify(samples));

function bareQuery(): ReturnType<typeof environment> {
  return environment({ mode: "query" });
}
