/**
 * Saves the contract of the template `hello` under `vitest watch` and prints the milliseconds until its test
 * has said what it answers now, as JSON. The package is the one that authors install: built, packed, unpacked.
 *
 * Run as `node watch.ts TIMES`.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PackedPackage } from "#test/support/packed.ts";
import { ScratchProject } from "#test/support/scratch-project.ts";

const WAIT_MS = 60_000;
/** What a person does between two changes: nothing, for the watcher. */
const PAUSE_MS = 2_000;
const TEST = `
import { createWorld } from "hermetic/testing";
import { it } from "vitest";
import hello from "contract:hello";

it("greets", async () => {
  const contract = await (await createWorld()).deploy(hello);
  console.log("it says", await contract.query.greeting());
});
`;

const [times = "1"] = process.argv.slice(2);
const templates = join(import.meta.dirname, "../../../templates");
const source = readFileSync(join(templates, "hello/contracts/hello.ts"), "utf8");
const config = readFileSync(join(templates, "common/vitest.config.ts"), "utf8");
const packed = await PackedPackage.make();
const project = new ScratchProject(join(packed.folder, "hello"), config);
try {
  project.write("contracts/hello.ts", source);
  project.write("hello.test.ts", TEST);
  project.watch();
  await project.printed("Waiting for file", WAIT_MS);
  const samples: number[] = [];
  for (let i = 0; i < Number(times); i++) {
    await sleep(PAUSE_MS);
    const start = performance.now();
    project.write("contracts/hello.ts", source.replace("stranger", `number ${i}`));
    await project.printed(`it says Hello, number ${i}!`, WAIT_MS);
    samples.push(performance.now() - start);
  }
  console.log(JSON.stringify(samples));
} finally {
  project.dispose();
  packed.dispose();
}
