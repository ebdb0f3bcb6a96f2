/**
 * The page on benchmarks holds no number of its own: each comes from a stored run, with its machine and commit.
 *
 * @module
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BEGIN, END, numbers } from "#test/bench/page.ts";
import { storedRun } from "#test/bench/stored.ts";
import { readPage } from "#test/support/markdown.ts";

const PATH = "docs/benchmarks.md";

/** The page around its numbers. */
function split(page: string): {
  readonly before: string;
  readonly inside: string;
  readonly after: string;
} {
  const [before = "", rest = ""] = page.split(`${BEGIN}\n\n`);
  const [inside = "", after = ""] = rest.split(`\n\n${END}`);
  return { before, inside, after };
}

describe(PATH, () => {
  it("shows the stored runs; UPDATE_DOCS=1 writes them", () => {
    const { before, after } = split(readPage(PATH));
    const page = `${before}${BEGIN}\n\n${numbers()}\n\n${END}${after}`;
    if (process.env["UPDATE_DOCS"] === "1") {
      writeFileSync(join(import.meta.dirname, "..", "..", PATH), page);
    }
    expect(split(readPage(PATH)).inside).toBe(numbers());
  });

  it("rests on runs of unchanged sources for what metering costs", () => {
    expect(storedRun("vm")?.machine.changed).toBe(false);
  });

  it("quotes no measurement outside of them", () => {
    const { before, after } = split(readPage(PATH));
    expect(before.length).toBeGreaterThan(500);
    expect(before + after).not.toMatch(/\d[\d.,]* ?(×|µs|ms|MB\/s|%)/);
  });
});
