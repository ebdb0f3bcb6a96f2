/**
 * Positions in a contract's source: our small reader against a full one.
 *
 * @module
 */
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { describe, expect, it } from "vitest";
import type { CallReport } from "#sdk/client/call/report.ts";
import { contractFrames } from "#sdk/testing/contract/frames.ts";
import { positionOf } from "#sdk/testing/contract/source-map.ts";
import workshop from "contract:workshop";

describe("positionOf()", () => {
  it("agrees with the reference implementation on a whole contract", () => {
    const reference = new TraceMap(workshop.map);
    let known = 0;
    for (let offset = 0; offset < workshop.wasm.length; offset += 7) {
      const { source, line, column } = originalPositionFor(reference, { line: 1, column: offset });
      const expected = source === null ? undefined : { file: source, line, column: column + 1 };
      expect(positionOf(workshop.map, offset), `offset ${offset}`).toEqual(expected);
      if (expected !== undefined) known++;
    }
    expect(known).toBeGreaterThan(500);
  });

  it("knows nothing before the first mapping", () => {
    expect(positionOf('{"sources":["a.ts"],"mappings":"UAEE"}', 9)).toBeUndefined();
    expect(positionOf('{"sources":["a.ts"],"mappings":"UAEE"}', 10)).toEqual({
      file: "a.ts",
      line: 3,
      column: 3,
    });
  });
});

describe("contractFrames()", () => {
  const failed = (call: Partial<CallReport>) => Object.assign(new Error(), { call });

  it("prefers a trace to the place of a panic, and leaves library frames out", () => {
    const map = '{"sources":["~lib/array.ts","shop.ts"],"mappings":"AAAA,UCEE"}';
    const panic = { text: "", file: "other.ts", line: 9, column: 9 };
    const error = failed({ method: "buy", panic, trace: [0, 10] });
    expect(contractFrames(error, { ...workshop, map, file: "/shop/shop.ts" })).toEqual([
      "    at buy (/shop/shop.ts:3:3)",
    ]);
    expect(
      contractFrames(failed({ method: "buy", panic }), { ...workshop, file: "/a/b.ts" }),
    ).toEqual(["    at buy (/a/other.ts:9:9)"]);
  });

  it("has nothing to say about other errors", () => {
    expect(contractFrames(new Error(), workshop)).toEqual([]);
    expect(contractFrames(failed({ method: "buy" }), workshop)).toEqual([]);
  });
});
