/**
 * The official WebAssembly core test suite on our decoder, validation and metered code.
 *
 * The suite is not part of the repository: it is read from beside it, or from `WASM_SPEC_DIR`.
 */
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { scriptsOf, suiteFolder } from "#test/conformance/run.ts";
import { runScript } from "#test/conformance/runner.ts";

const folder = suiteFolder();
const scripts = scriptsOf(folder);

describe("the WebAssembly core test suite", () => {
  it("is there to be run", ({ skip }) => {
    skip(scripts.length === 0, `NOT RUN: no scripts in ${folder}; WASM_SPEC_DIR can name another`);
    expect(scripts.length).toBeGreaterThan(0);
  });

  it.each(scripts.map((path) => [basename(path), path]))("%s", (_, path) => {
    expect(runScript(path).failures).toEqual([]);
  });
});
