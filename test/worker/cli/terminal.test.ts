import { describe, expect, it } from "vitest";
import { shownLines } from "#worker/cli/terminal.ts";

describe("shownLines()", () => {
  it("keeps the lines of a value that is printed, and lets nothing steer the terminal", () => {
    const value = JSON.stringify({ totals: ["1", "2\n\u{9b}31m"] }, undefined, 2);
    const text = shownLines(value);
    expect(text.split("\n")).toHaveLength(6);
    expect(text).toContain('  "totals": [\n    "1",\n');
    expect(text).not.toContain("\u{9b}");
    expect(text).not.toContain("\\u{a}");
  });
});
