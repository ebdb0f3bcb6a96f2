/**
 * Decodes the components that are named as arguments, in a process that has done nothing else.
 *
 * Prints JSON: for each file the KiB that the process held at most beyond what it held at its start,
 * the file apart, and the milliseconds that decoding took.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { MEMORY_PAGES_MAX } from "#protocol/limits.ts";
import { parseComponent } from "#host/vm/component.ts";
import { decodeModule } from "#host/vm/decode/sections.ts";
import { worldImports } from "#host/vm/world.ts";
import { peakMemory } from "#test/support/peak-memory.ts";

function decode(file: Uint8Array): void {
  const { core, coreOffset } = parseComponent(file);
  decodeModule(core, worldImports, MEMORY_PAGES_MAX, coreOffset);
}

const results: [kibibytes: number, milliseconds: number][] = [];
for (const path of process.argv.slice(2)) {
  const file = readFileSync(path);
  let milliseconds = 0;
  const kibibytes = peakMemory(() => {
    const start = performance.now();
    decode(file);
    milliseconds = performance.now() - start;
  });
  results.push([kibibytes, milliseconds]);
}
console.log(JSON.stringify(results));
