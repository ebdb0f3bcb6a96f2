/**
 * The source map: offsets in the module that the host admits lead to the author's lines.
 *
 * @module
 */
import { originalPositionFor, sourceContentFor, TraceMap } from "@jridgewell/trace-mapping";
import { describe, expect, it } from "vitest";
import { runCall } from "#host/functions/call.ts";
import { admit } from "#host/vm/admit.ts";
import { build } from "#sdk/transform/index.ts";
import { environment } from "#test/support/contract.ts";

describe("the source map", () => {
  it("leads from a panic to the line that threw", async () => {
    const { contracts } = await build({ entry: "test/sdk/fixtures/ledger.ts" });
    const [contract] = contracts;
    if (!contract) throw new Error("nothing was built");
    const admitted = admit(contract.wasm, undefined, { offsetMap: true });
    const request = { method: "panics", args: Uint8Array.of(0x90), gasLimit: 100_000_000 };
    const { end } = runCall(admitted, request, environment());
    if (end.kind !== "fault" || !end.trace) throw new Error("no trace");
    const map = new TraceMap(contract.map);
    const text = sourceContentFor(map, "ledger.ts")?.split("\n") ?? [];
    const lines = end.trace
      .map((column) => originalPositionFor(map, { line: 1, column }))
      .filter(({ source }) => source === "ledger.ts")
      .map(({ line }) => text[(line ?? 0) - 1]?.trim());
    expect(lines[0]).toBe('throw new Error("count was " + this.count.toString());');
    expect(map.sources).not.toContain(process.cwd());
  });
});
