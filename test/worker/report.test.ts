/**
 * What the worker process writes about itself cannot be forged by names and addresses in it.
 *
 * @module
 */
import { describe, expect, it } from "vitest";
import { createReport, escapeControls } from "#worker/report.ts";

const HOSTILE = 'x\n{"event":"ready"}\r\u001B[2J\u009B31m\u2028\u202E\u0000é✓';

describe("createReport()", () => {
  it.each([true, false])("keeps hostile text on one line, for a terminal: %s", (isTerminal) => {
    const lines: string[] = [];
    createReport((line) => lines.push(line), isTerminal).warn("told", { by: HOSTILE, bytes: 3 });
    expect(lines).toHaveLength(1);
    const [line = ""] = lines;
    expect(line.indexOf("\n")).toBe(line.length - 1);
    expect(line.slice(0, -1)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
    expect(line).toContain("é✓");
  });
});

describe("escapeControls()", () => {
  it("shows controls as what they are and leaves all else alone", () => {
    expect(escapeControls("a\u001Bb")).toBe("a\\u{1b}b");
    expect(escapeControls("naïve 🙂 text")).toBe("naïve 🙂 text");
  });
});
