/**
 * Mistakes in keys, in what stands where a value is meant, and in classes that extend values.
 *
 * @module
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { around, directory, mistakes, refuses } from "#test/sdk/transform/mistakes/mistakes.ts";

const data = (fields: string): string => `@data export class P { constructor(${fields}) {} }\n`;

refuses([
  ["HRM3208", "a list as key", around("m!: KeySet<u32[]>;"), "u32[]"],
  [
    "HRM3208",
    "a class without fields as key",
    `@data export class P {}\n${around("m!: Mapping<P, u32>;")}`,
    "P, u32",
  ],
  [
    "HRM3208",
    "a float in a key",
    `${data("public a: f64")}${around("m!: Mapping<P, u32>;")}`,
    "P, u32",
  ],
  [
    "HRM3208",
    "what may be null in a key",
    `${data("public a: u32, public b: Account | null")}${around("m!: KeySet<P>;")}`,
    "P>",
  ],
  [
    "HRM3208",
    "a list inside of a part of a key",
    `@data export class Q { l: u32[] = []; }\n${data("public q: Q")}${around("m!: KeySet<P>;")}`,
    "P>",
  ],
  [
    "HRM3208",
    "a float that a value is found by",
    `@data export class P { x: f64 = 0; index(by: Indexes): void { by.key("x", this.x); } }\n${around("m!: IndexedMap<u32, P>; @command c(): void { this.m.set(1, new P()); }")}`,
    'by.key("x',
  ],
  [
    "HRM3217",
    "within() of numbers",
    around("m!: KeySet<u32>; @query q(): u32[] { return this.m.within(1, 1).items; }"),
    "this.m.within",
  ],
  ["HRM3215", "a list for each key", around("m!: Mapping<Account, List<u64>>;"), "List<u64>>;"],
  [
    "HRM3215",
    "a map of maps",
    around("m!: Mapping<Account, Mapping<Account, u64>>;"),
    "Mapping<Account, u64",
  ],
  ["HRM3215", "a list of sets", around("m!: List<KeySet<u32>>;"), "KeySet<u32>>"],
  ["HRM3215", "an array of maps", around("m: Mapping<u32, u32>[] = [];"), "Mapping<u32"],
  [
    "HRM3215",
    "a map as argument",
    around("@query q(m: Mapping<u32, u32>): void {}"),
    "Mapping<u32",
  ],
  [
    "HRM3215",
    "a map inside of a value",
    `@data export class P { m!: Mapping<u32, u32>; }\n${around("m!: List<P>;")}`,
    "Mapping<u32",
  ],
  [
    "HRM3216",
    "an abstract class as value",
    `@data export abstract class P { x: u32 = 0; }\n${around("m!: List<P>;")}`,
    "P>;",
  ],
]);

describe("build() of a mistaken contract", () => {
  it("HRM3213 for a value that extends a contract", async () => {
    await writeFile(join(directory, "other.ts"), "@contract export class D { a: u32 = 0; }\n");
    const [found, ...more] = await mistakes(
      `import { D } from "./other";\n@data export class P extends D {}\n${around("")}`,
    );
    expect(more).toEqual([]);
    expect(found).toMatchObject({ code: "HRM3213", line: 3, column: 30 });
  });

  it("names the field that keeps a class from being a key", async () => {
    const [found] = await mistakes(
      `@data export class Q { l: u32[] = []; }\n${data("public q: Q")}${around("m!: KeySet<P>;")}`,
    );
    expect(found?.message).toBe("'l' of 'Q' cannot be a part of a key");
  });
});
