/**
 * Style as a test: layer order, headers, sizes and leftovers over the whole tree.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { faults } from "#protocol/faults.ts";
import * as rules from "#test/tidy/rules.ts";
import { codeLines, productFolders, readSources, root, type Source } from "#test/tidy/sources.ts";

const MEDIAN_LINES_MAX = 120;

const product = readSources(productFolders);
const tests = readSources(["test"]).filter(({ path }) => !path.startsWith("test/boundary/plants"));

function problems(rule: rules.Rule, sources: readonly Source[]): string[] {
  return sources.flatMap((source) => rule(source).map((problem) => `${source.path} ${problem}`));
}

describe("the source tree", () => {
  it("is found: every folder has files, or these rules would pass on nothing", () => {
    for (const folder of productFolders) {
      expect(
        product.filter(({ path }) => path.startsWith(`${folder}/`)),
        folder,
      ).not.toEqual([]);
    }
    expect(product.some(({ path }) => path === "runtime/protocol/faults.ts")).toBe(true);
    expect(tests.some(({ path }) => path === "test/tidy.test.ts")).toBe(true);
  });

  it("imports lower layers only, and the trusted half only through its doors", () => {
    expect(problems(rules.layerOrder, [...product, ...tests])).toEqual([]);
  });

  it("lets nothing import test, and nothing trusted import the untrusted", () => {
    expect(problems(rules.noWayOut, product)).toEqual([]);
  });

  it("crosses top folders by alias, never by ../", () => {
    expect(problems(rules.relativeStaysInside, [...product, ...tests])).toEqual([]);
  });

  it("starts every file with a header that ends in @module", () => {
    expect(problems(rules.header, product)).toEqual([]);
  });

  it("has no computed import()", () => {
    expect(problems(rules.noComputedImport, product)).toEqual([]);
  });

  it("has no file over 400 lines of code", () => {
    expect(problems(rules.size, [...product, ...tests])).toEqual([]);
  });

  it("has a median file of at most 120 lines of code", () => {
    const sizes = product.map(codeLines).toSorted((a, b) => a - b);
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(MEDIAN_LINES_MAX);
  });

  it("has no leftovers: unfinished work, switched-off tests or types, machine paths", () => {
    const checked = tests.filter(({ path }) => !/^test\/(tidy|boundary)\//.test(path));
    expect(problems(rules.noLeftovers, [...product, ...checked])).toEqual([]);
  });
});

describe("the fault table", () => {
  it("gives every fault a number of its own, in a known hundred", () => {
    const numbers = Object.values(faults).map(({ number }) => number as number);
    expect(numbers.length).toBeGreaterThan(40);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(numbers.filter((number) => number < 100 || number > 599)).toEqual([]);
  });
});

describe("package.json", () => {
  it("runs its scripts on the Node it asks for, whatever the machine has", () => {
    expect(Number(process.versions.node.split(".")[0])).toBeGreaterThanOrEqual(26);
  });

  it("pins every dependency exactly", () => {
    const text = readFileSync(join(root, "package.json"), "utf8");
    const manifest = JSON.parse(text) as Record<string, Record<string, string>>;
    const versions = { ...manifest["dependencies"], ...manifest["devDependencies"] };
    expect(Object.keys(versions).length).toBeGreaterThan(10);
    expect(
      Object.entries(versions).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version)),
    ).toEqual([]);
  });
});
