/**
 * Calls as the enclave makes them: in an instance that is as new, in one that is new, and the very first of new code.
 *
 * @module
 */
import { join } from "node:path";
import { integer, pack } from "#protocol/codec.ts";
import { admit, type AdmittedModule } from "#host/vm/admit.ts";
import { buildContracts } from "#test/bench/load/build.ts";
import {
  interleave,
  median,
  leastDifference,
  percentile,
  timeRun,
  warmUp,
} from "#test/bench/measure.ts";
import type { Row } from "#test/bench/row.ts";
import { Sandbox } from "#test/bench/vm/sandbox.ts";

const NO_ARGS = Uint8Array.of(0x90);
const BUMP = { method: "bump", args: NO_ARGS } as const;
const ROUNDS = 2_001;
const COLD_ROUNDS = 31;
const WARM_MS = 500;
const ITEMS = 500;
/** Text in the contract that nothing reads: changed, it makes code that the engine has never seen. */
const MARK = "new code 00000000";

/** The same component with another number in its mark. */
function renewed(component: Uint8Array, number: number): Uint8Array {
  const at = Buffer.from(component).indexOf(Buffer.from(MARK, "utf16le"));
  if (at < 0) throw new Error("the contract has lost its mark");
  const copy = Buffer.from(component);
  copy.write(MARK.slice(0, -8) + String(number).padStart(8, "0"), at, "utf16le");
  return copy;
}

/** Microseconds from bytes that were never seen to the result of a first call. */
function coldCalls(component: Uint8Array): { total: number[]; admission: number[] } {
  const total: number[] = [];
  const admission: number[] = [];
  for (let round = 0; round < COLD_ROUNDS; round++) {
    const bytes = renewed(component, round);
    let admitted: AdmittedModule | undefined;
    const admitting = timeRun(() => (admitted = admit(bytes)));
    if (admitted === undefined) throw new Error("nothing was admitted");
    const sandbox = new Sandbox(admitted);
    admission.push(admitting);
    total.push(admitting + timeRun(() => sandbox.call("command", BUMP)));
  }
  return { total, admission };
}

/** The contract that these calls go to. */
export function buildStore(): Uint8Array {
  const component = buildContracts(join(import.meta.dirname, "../contracts")).get("store");
  if (component === undefined) throw new Error("the store was not built");
  return component;
}

export async function freshCallRows(component: Uint8Array): Promise<Row[]> {
  const cold = coldCalls(component);
  const admitted = admit(component);
  const sandbox = new Sandbox(admitted);
  const fresh = new Sandbox({ ...admitted, isRestorable: false });
  const items = (method: string, count: number) => (): number =>
    timeRun(() => sandbox.call("command", { method, args: pack([integer(0), count]) }, true));
  const asked = (method: string) => (): number =>
    timeRun(() => fresh.call("query", { method, args: NO_ARGS }));
  const runs = [
    () => timeRun(() => fresh.call("command", BUMP, true)),
    asked("read"),
    asked("nothing"),
    () => timeRun(() => sandbox.call("command", BUMP, true)),
  ];
  const loops = [items("fill", 0), items("fill", ITEMS), items("sum", ITEMS)];
  for (const run of [...runs, ...loops]) await warmUp(run, WARM_MS);
  const [bump = [], read = [], nothing = [], again = []] = interleave(runs, ROUNDS);
  const [empty = [], fill = [], sum = []] = interleave(loops, ROUNDS / 20);
  const bound = { kind: "at most", value: 45 } as const;
  return [
    { name: "fresh instance + call + get + set, p50", value: median(bump), unit: "µs", bound },
    { name: "fresh instance + call + get + set, p99", value: percentile(bump, 0.99), unit: "µs" },
    { name: "fresh instance + query + get, p50", value: median(read), unit: "µs" },
    { name: "fresh instance + empty query, p50", value: median(nothing), unit: "µs" },
    { name: "restored instance + call + get + set, p50", value: median(again), unit: "µs" },
    { name: "cold first call: admit, compile, call", value: median(cold.total) / 1000, unit: "ms" },
    { name: "of which admission", value: median(cold.admission) / 1000, unit: "ms" },
    { name: "Mapping.set in a loop", value: leastDifference(fill, empty) / ITEMS, unit: "µs" },
    { name: "Mapping.get in a loop", value: leastDifference(sum, empty) / ITEMS, unit: "µs" },
  ];
}
