/**
 * Code that takes more of the engine's stack once it is optimized.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { enclaveArguments } from "#worker/enclave/flags.ts";

const script = join(import.meta.dirname, "..", "support", "tiers.ts");
const flags = enclaveArguments(script).filter((flag) => /^--(no-)?(wasm|stack)-/.test(flag));

describe("the deepest call that the limit allows", () => {
  it("18 and 30: ends alike in new code and in hot code, as the enclave runs it", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, script]);
    const ends = JSON.parse(stdout) as Record<string, string[]>;
    expect(Object.keys(ends)).toEqual([
      "inlined, in a tower",
      "inlined",
      "shared, in a tower",
      "shared",
    ]);
    for (const [name, each] of Object.entries(ends)) {
      expect(each[0], name).toMatch(/^returned /);
      expect(new Set(each), name).toEqual(new Set([each[0]]));
    }
  }, 60_000);
});
