/**
 * ATTACKS A: how much work an upload can make, on contracts near each cap.
 *
 * Memory is bounded here, as the operating system counts it; times are measured by
 * `npm run bench -- admission`, because a test must not depend on how fast the machine is.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COMPONENT_BYTES_MAX, MEMORY_PAGES_MAX } from "#protocol/limits.ts";
import { parseComponent } from "#host/vm/component.ts";
import { decodeModule } from "#host/vm/decode/sections.ts";
import { worldImports } from "#host/vm/world.ts";
import { nearCaps } from "#test/support/near-caps.ts";
import { component } from "#test/support/wasm.ts";

const script = join(import.meta.dirname, "..", "support", "decode-room.ts");
/** What the enclave's process is given, and the product is measured with. */
const flags = ["--min-semi-space-size=16", "--conditions=hermetic-source"];
const KIBIBYTES_MAX = 32 * 1024;
const names = Object.keys(nearCaps);

describe("10: decoding", () => {
  let folder: string;
  const files: string[] = [];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "near-caps-"));
    for (const make of Object.values(nearCaps)) {
      const path = join(folder, `${files.length}`);
      writeFileSync(path, component(make()));
      files.push(path);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(names)("accepts what keeps every cap: %s", (name) => {
    const file = component(nearCaps[name]?.() ?? new Uint8Array(0));
    expect(file.length).toBeLessThanOrEqual(COMPONENT_BYTES_MAX);
    const { core } = parseComponent(file);
    expect(WebAssembly.validate(core.slice())).toBe(true);
    expect(decodeModule(core, worldImports, MEMORY_PAGES_MAX).bodies.length).toBeGreaterThan(3);
  });

  it("takes at most 32 MiB, whatever the file is made of", async ({ skip }) => {
    skip(process.platform !== "linux", "NOT RUN: peak memory is read as Linux tells it");
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, script, ...files]);
    const results = JSON.parse(stdout) as [kibibytes: number, milliseconds: number][];
    expect(results).toHaveLength(names.length);
    for (const [index, [kibibytes]] of results.entries()) {
      expect(kibibytes, names[index]).toBeLessThan(KIBIBYTES_MAX);
    }
  }, 60_000);
});
