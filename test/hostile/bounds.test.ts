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
const flags = ["--min-semi-space-size=16", "--no-wasm-inlining", "--conditions=hermetic-source"];
/** Compile at admission what is otherwise compiled when it first runs. */
const eager = ["--no-wasm-lazy-compilation", "--liftoff-only"];
const DECODED_KIBIBYTES_MAX = 32 * 1024;
const COMPILED_KIBIBYTES_MAX = 256 * 1024;
const names = Object.keys(nearCaps);

describe("10: what keeps every cap", () => {
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

  /** KiB that each file took at its worst moment. */
  async function room(action: "decode" | "admit", more: readonly string[]): Promise<number[]> {
    const args = [...flags, ...more, script, action, ...files];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    return (JSON.parse(stdout) as [kibibytes: number, milliseconds: number][]).map(([kib]) => kib);
  }

  it.each(names)("is decoded and well-typed: %s", (name) => {
    const file = component(nearCaps[name]?.() ?? new Uint8Array(0));
    expect(file.length).toBeLessThanOrEqual(COMPONENT_BYTES_MAX);
    const { core } = parseComponent(file);
    expect(WebAssembly.validate(core.slice())).toBe(true);
    expect(decodeModule(core, worldImports, MEMORY_PAGES_MAX).bodies.length).toBeGreaterThan(3);
  });

  it("takes at most 32 MiB to decode", async ({ skip }) => {
    skip(process.platform !== "linux", "NOT RUN: peak memory is read as Linux tells it");
    const kibibytes = await room("decode", []);
    expect(kibibytes).toHaveLength(names.length);
    for (const [index, held] of kibibytes.entries()) {
      expect(held, names[index]).toBeLessThan(DECODED_KIBIBYTES_MAX);
    }
  }, 60_000);

  it("takes at most 256 MiB to admit, all of it compiled by the engine's first tier", async ({
    skip,
  }) => {
    skip(process.platform !== "linux", "NOT RUN: peak memory is read as Linux tells it");
    const kibibytes = await room("admit", eager);
    expect(kibibytes).toHaveLength(names.length);
    for (const [index, held] of kibibytes.entries()) {
      expect(held, names[index]).toBeLessThan(COMPILED_KIBIBYTES_MAX);
    }
  }, 120_000);
});
