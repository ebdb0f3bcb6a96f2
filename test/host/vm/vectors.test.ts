/**
 * Gas of compiled kernels under this METER_VERSION, to the unit.
 *
 * Workers agree on gas, so a change of price, placement or rounding is a change of protocol: it
 * bumps METER_VERSION and rewrites the vectors in the same commit.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCall } from "#host/functions/call.ts";
import { admitCore } from "#host/vm/admit.ts";
import { METER_VERSION } from "#host/vm/meter/prices.ts";
import { compileKernel } from "#test/support/assembly.ts";
import { environment } from "#test/support/contract.ts";

interface Vectors {
  readonly version: number;
  readonly input: number;
  readonly expect: Readonly<Record<string, number>>;
}
const file = join(import.meta.dirname, "..", "..", "vectors", "gas.json");
const vectors = JSON.parse(readFileSync(file, "utf8")) as Vectors;

describe("gas vectors", () => {
  it("are of this meter's version", () => {
    expect(vectors.version).toBe(METER_VERSION);
  });

  it.each(Object.entries(vectors.expect))("%s costs %i", async (kernel, gas) => {
    const admitted = admitCore(await compileKernel(kernel));
    const request = { method: "", args: Uint8Array.of(vectors.input), gasLimit: 1e9 };
    const outcome = runCall(admitted, request, environment());
    expect(outcome.end.kind).toBe("returned");
    expect(outcome.gasUsed).toBe(gas);
    expect(admitted.meterVersion).toBe(METER_VERSION);
  });
});
