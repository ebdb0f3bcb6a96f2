/**
 * The list of hostile inputs and the tests that name its numbers: neither has one that the other lacks.
 *
 * @module
 */
import { globSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readPage } from "#test/support/markdown.ts";

const PAGE = "test/hostile/ATTACKS.md";
const root = join(import.meta.dirname, "..", "..");

/** Numbers of a text such as `33 to 35, 44 and E55`. */
function numbersIn(text: string): number[] {
  return [...text.matchAll(/(\d+)(?: to (\d+))?/g)].flatMap(([, from, to]) => {
    const count = to === undefined ? 1 : Number(to) - Number(from) + 1;
    return Array.from({ length: count }, (_, i) => Number(from) + i);
  });
}

/** What a test file says that it is about: in its header, and in the names of its tests. */
function namedIn(source: string): number[] {
  const header = /^\/\*\*.*?\*\//s.exec(source)?.[0].replaceAll(/\n \* ?/g, " ") ?? "";
  const [, inHeader = ""] = /ATTACKS ([^.;:)]*)/.exec(header) ?? [];
  const inNames = source.matchAll(
    /\b(?:describe|it)(?:\.\w+\([^)]*\))?\(\s*"(?:E(\d+) |(\d+(?:(?:, | and | to )\d+)*):)/g,
  );
  const texts = [...inNames].map(([, one = "", some = one]) => some);
  return [inHeader, ...texts].flatMap(numbersIn);
}

const listed = [...readPage(PAGE).matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number));
const files = globSync("test/{hostile,e2e,sdk,runtime}/**/*.test.ts", { cwd: root });
const named = new Set(files.flatMap((file) => namedIn(readPage(file))));

describe(PAGE, () => {
  it("lists each number once, in order", () => {
    expect(listed.length).toBeGreaterThan(70);
    expect(listed).toEqual([...new Set(listed)].toSorted((a, b) => a - b));
  });

  it("lists every number that a test names", () => {
    expect([...named].filter((number) => !listed.includes(number))).toEqual([]);
  });

  it("lists nothing that no test is about", () => {
    expect(listed.filter((number) => !named.has(number))).toEqual([]);
  });
});
