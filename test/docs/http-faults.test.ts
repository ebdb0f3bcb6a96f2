/**
 * The tables of `docs/http-faults.md` are those that the tests run.
 *
 * @module
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { httpErrors } from "#protocol/http.ts";
import { faultGroups } from "#test/support/faults/kinds.ts";
import { lies } from "#test/support/faults/lies.ts";
import { readPage } from "#test/support/markdown.ts";

const PATH = "docs/http-faults.md";

interface Told {
  readonly name: string;
  readonly does: string;
  readonly gives: string | number;
}

function table(subject: string, rows: readonly Told[]): string {
  const cells = rows.map(({ name, does, gives }) => [`\`${name}\``, does, wordOf(gives)]);
  const all = [["kind", subject, "the contract gets"], ...cells];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => lengthOf(row[column]))));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(all[0] ?? []), rule, ...all.slice(1).map(line)].join("\n");
}

function lengthOf(cell = ""): number {
  return [...cell].length;
}

function wordOf(gives: string | number): string {
  return typeof gives === "number" ? `the answer, status ${gives}` : `\`${gives}\``;
}

function tables(): string {
  const servers = [...faultGroups].map(([title, kinds]) =>
    [`### ${title}`, table("the server", kinds)].join("\n\n"),
  );
  const worker = ["## What the worker process does", table("the worker process", lies)];
  return ["## What the server does", ...servers, ...worker].join("\n\n");
}

/** The part of the page that is written by hand: all before the first table. */
function intro(page: string): string {
  return page.split("## What the server does")[0] ?? "";
}

describe(PATH, () => {
  it("shows what the tests run; UPDATE_DOCS=1 writes it", () => {
    const page = `${intro(readPage(PATH))}${tables()}\n`;
    if (process.env["UPDATE_DOCS"] === "1") {
      writeFileSync(join(import.meta.dirname, "..", "..", PATH), page);
    }
    expect(readPage(PATH)).toBe(page);
  });

  it("says what each error means, and every error is met by a fault", () => {
    const met = new Set([...faultGroups.values(), lies].flat().map(({ gives }) => gives));
    for (const error of httpErrors) {
      expect(intro(readPage(PATH))).toContain(`| \`${error}\``);
      expect(met).toContain(error);
    }
  });
});
