/**
 * Gas held against time: how many times the time that its gas stands for each kernel takes.
 *
 * 1 is a nanosecond per gas on the machine that prices were fixed on; other machines are brought to it by a
 * reference that is timed beside. Over 3 something is priced too low. Both tiers of the engine are measured,
 * because a contract decides how long its code stays in the first; inlining is off, as in the enclave.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Row } from "#test/bench/row.ts";

const TIMES_MAX = 3;
const AGAIN = 3;
const script = join(import.meta.dirname, "..", "calibrate", "tier.ts");
const tiers = { "first tier": "--liftoff-only", optimized: "--no-liftoff" };

/** Times what is chosen by a part of its name; an empty one is all of it. */
function measure(tier: string, chosen: string): Map<string, number> {
  const flags = ["--no-wasm-inlining", "--min-semi-space-size=16", tier];
  const source = ["--conditions=hermetic-source", script, chosen];
  const stdout = execFileSync(process.execPath, [...flags, ...source], { encoding: "utf8" });
  return new Map(JSON.parse(stdout) as [name: string, timePerGas: number][]);
}

export async function run(): Promise<Row[]> {
  const bound = { kind: "at most", value: TIMES_MAX } as const;
  return Object.entries(tiers).flatMap(([tier, flag]) => {
    const times = measure(flag, "");
    for (let again = 0; again < AGAIN; again++) {
      // What else the machine does only ever adds: what is over the bound may have met it.
      for (const [name, value] of times) {
        if (value <= TIMES_MAX) continue;
        times.set(name, Math.min(value, measure(flag, name).get(name) ?? value));
      }
    }
    return [...times].map(([name, value]): Row => ({
      name: `time per gas, ${tier}: ${name}`,
      value,
      unit: "×",
      bound,
    }));
  });
}
