/**
 * Goal: the meter rewrites whatever admission lets through into code that the engine accepts.
 *
 * Method: contracts of the greatest size, each made of one thing that the meter has to deal with.
 */
import { describe, expect, it } from "vitest";
import { MEMORY_PAGES_MAX } from "#protocol/limits.ts";
import { decodeModule } from "#host/vm/decode/sections.ts";
import { meter } from "#host/vm/meter/meter.ts";
import { worldImports } from "#host/vm/world.ts";
import { nearCaps } from "#test/support/near-caps.ts";

const TIMEOUT_MS = 60_000;

describe("meter() near each cap", () => {
  it.each(Object.entries(nearCaps))(
    "writes valid code: %s",
    (_, make) => {
      const module = decodeModule(make(), worldImports, MEMORY_PAGES_MAX);
      const options = { exports: ["memory", "query"], offsetMap: false };
      const { bytes } = meter(module, { ...options, memoryPagesMax: MEMORY_PAGES_MAX });
      expect(WebAssembly.validate(bytes.slice())).toBe(true);
    },
    TIMEOUT_MS,
  );
});
