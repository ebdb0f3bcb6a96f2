/**
 * How fast uploaded code becomes metered code.
 *
 * @module
 */
import { MEMORY_PAGES_MAX } from "#protocol/limits.ts";
import { admitCore } from "#host/vm/admit.ts";
import { parseComponent } from "#host/vm/component.ts";
import { decodeModule } from "#host/vm/decode/sections.ts";
import { meter } from "#host/vm/meter/meter.ts";
import { worldImports } from "#host/vm/world.ts";
import { percentile, timeRun, warmUp } from "#test/bench/measure.ts";
import type { Row } from "#test/bench/row.ts";

const ROUNDS = 31;
const WARM_MS = 1_000;

/** @param components - One pass goes over all of them. */
export async function instrumentationRows(components: readonly Uint8Array[]): Promise<Row[]> {
  const cores = components.map((component) => parseComponent(component).core.slice());
  const bytes = cores.reduce((sum, core) => sum + core.length, 0);
  const modules = cores.map((core) => decodeModule(core, worldImports, MEMORY_PAGES_MAX));
  const exports = ["memory", "init", "command", "query", "cabi_realloc", "_initialize"];
  const options = { exports, memoryPagesMax: MEMORY_PAGES_MAX, offsetMap: false };
  const rate = async (pass: () => void): Promise<number> => {
    await warmUp(pass, WARM_MS);
    const times = Array.from({ length: ROUNDS }, () => timeRun(pass));
    return bytes / percentile(times, 0.1); // bytes per microsecond are megabytes per second
  };
  const metering = await rate(() => {
    for (const module of modules) meter(module, options);
  });
  const admission = await rate(() => {
    for (const core of cores) admitCore(core);
  });
  const bound = { kind: "at least", value: 10 } as const;
  return [
    { name: "instrumentation, warm", value: metering, unit: "MB/s", bound },
    { name: "admission: decode, validate, instrument, compile", value: admission, unit: "MB/s" },
  ];
}
