/**
 * The tests in docs/testing.md pass as they stand there, on the contracts of the templates.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { codeBlocks, readPage } from "#test/support/markdown.ts";
import { ScratchProject } from "#test/support/scratch-project.ts";

const templates = join(import.meta.dirname, "..", "..", "templates");
const WAIT_MS = 240_000;

it("docs/testing.md passes its own tests", { timeout: WAIT_MS }, () => {
  const project = new ScratchProject();
  try {
    for (const [template, name] of [
      ["auction", "auction"],
      ["oracle-http", "oracle"],
      ["token", "token"],
    ] as const) {
      const file = join(templates, template, "contracts", `${name}.ts`);
      project.write(`contracts/${name}.ts`, readFileSync(file, "utf8"));
    }
    const blocks = codeBlocks(readPage("docs/testing.md"));
    expect(blocks.length).toBeGreaterThan(3);
    for (const [index, { language, text }] of blocks.entries()) {
      expect(language).toBe("ts");
      const kind = text.includes('from "vitest"') ? "test.ts" : "as.test.ts";
      project.write(`block${index}.${kind}`, text);
    }
    const { status, output } = project.run("vitest/vitest.mjs", ["run", "--maxWorkers=1"]);
    expect(output).toMatch(new RegExp(`Tests +${blocks.length} passed`));
    expect(status).toBe(0);
  } finally {
    project.dispose();
  }
});
