/**
 * Decodes or admits the components that are named as arguments, in a process that has done nothing else.
 *
 * The first argument says which: `decode` or `admit`. Prints JSON: for each file the KiB that the process
 * held at most beyond what it held before, and the milliseconds that it took.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { Fault } from "#protocol/fault.ts";
import { MEMORY_PAGES_MAX } from "#protocol/limits.ts";
import { admit } from "#host/vm/admit.ts";
import { parseComponent } from "#host/vm/component.ts";
import { decodeModule } from "#host/vm/decode/sections.ts";
import { worldImports } from "#host/vm/world.ts";
import { peakMemory } from "#test/support/peak-memory.ts";

function decode(file: Uint8Array): void {
  const { core, coreOffset } = parseComponent(file);
  decodeModule(core, worldImports, MEMORY_PAGES_MAX, coreOffset);
}

/** A file that is refused has done its work too. */
function tryToAdmit(file: Uint8Array): void {
  try {
    admit(file);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
}

const [action, ...paths] = process.argv.slice(2);
const work = action === "admit" ? tryToAdmit : decode;
const results: [kibibytes: number, milliseconds: number][] = [];
for (const path of paths) {
  const file = readFileSync(path);
  let milliseconds = 0;
  const kibibytes = peakMemory(() => {
    const start = performance.now();
    work(file);
    milliseconds = performance.now() - start;
  });
  results.push([kibibytes, milliseconds]);
}
console.log(JSON.stringify(results));
