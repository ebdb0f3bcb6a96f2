/**
 * What an upload may cost before it is refused or kept, on contracts near each cap.
 *
 * Decoding is the enclave's own work: it has a bound, whatever the file is made of.
 *
 * @module
 */
import { MEMORY_PAGES_MAX } from "#protocol/limits.ts";
import { parseComponent } from "#host/vm/component.ts";
import { decodeModule } from "#host/vm/decode/sections.ts";
import { worldImports } from "#host/vm/world.ts";
import type { Row } from "#test/bench/row.ts";
import { nearCaps } from "#test/support/near-caps.ts";
import { component } from "#test/support/wasm.ts";

const ROUNDS = 15;
const DECODE_MS_MAX = 20;

/** The least of several times: what else the machine does only ever adds. */
function fastest(run: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    run();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

export async function run(): Promise<Row[]> {
  return Object.entries(nearCaps).map(([name, make]): Row => {
    const file = component(make());
    const value = fastest(() => {
      const { core, coreOffset } = parseComponent(file);
      decodeModule(core, worldImports, MEMORY_PAGES_MAX, coreOffset);
    });
    const bound = { kind: "at most", value: DECODE_MS_MAX } as const;
    return {
      name: `decode ${Math.round(file.length / 1024)} KiB: ${name}`,
      value,
      unit: "ms",
      bound,
    };
  });
}
