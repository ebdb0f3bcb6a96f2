/**
 * How fast uploaded code becomes metered code.
 *
 * @module
 */
import { MEMORY_PAGES_MAX } from "#protocol/limits.ts";
import { admitCore } from "#host/vm/admit.ts";
import { parseComponent } from "#host/vm/component.ts";
import type { CoreModule } from "#host/vm/decode/module.ts";
import { decodeModule } from "#host/vm/decode/sections.ts";
import { meter } from "#host/vm/meter/meter.ts";
import { worldImports } from "#host/vm/world.ts";
import { interleave, percentile, timeRun, warmUp } from "#test/bench/measure.ts";
import type { Row } from "#test/bench/row.ts";

const ROUNDS = 31;
const WARM_MS = 1_000;

/** @param components - They count together, by the sum of their bytes. */
export async function instrumentationRows(components: readonly Uint8Array[]): Promise<Row[]> {
  const cores = components.map((component) => parseComponent(component).core.slice());
  const bytes = cores.reduce((sum, core) => sum + core.length, 0);
  const modules = cores.map((core) => decodeModule(core, worldImports, MEMORY_PAGES_MAX));
  const exports = ["memory", "init", "command", "query", "cabi_realloc", "_initialize"];
  const options = { exports, memoryPagesMax: MEMORY_PAGES_MAX, offsetMap: false };
  /** Each module counts with its fastest tenth: bytes per microsecond are megabytes per second. */
  const rate = async (take: (index: number) => void): Promise<number> => {
    const runs = cores.map((_, index) => () => timeRun(() => take(index)));
    await warmUp(() => runs.forEach((run) => run()), WARM_MS);
    const times = interleave(runs, ROUNDS).map((samples) => percentile(samples, 0.1));
    return bytes / times.reduce((sum, time) => sum + time, 0);
  };
  const metering = await rate((index) => meter(modules[index] as CoreModule, options));
  const admission = await rate((index) => admitCore(cores[index] as Uint8Array));
  const bound = { kind: "at least", value: 10 } as const;
  return [
    { name: "instrumentation, warm", value: metering, unit: "MB/s", bound },
    { name: "admission: decode, validate, instrument, compile", value: admission, unit: "MB/s" },
  ];
}
