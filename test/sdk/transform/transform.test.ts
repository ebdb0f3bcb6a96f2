/**
 * The transform alone, where a build cannot reach.
 *
 * @module
 */
import type { Program } from "assemblyscript";
import { describe, expect, it } from "vitest";
import { buildTable } from "#sdk/client/explain/build.ts";
import { ContractTransform } from "#sdk/transform/contract-transform.ts";
import { findPackageRoot } from "#sdk/transform/package-root.ts";
import { advice } from "#sdk/transform/problem.ts";
import { readWorld } from "#sdk/transform/world.ts";

describe("ContractTransform", () => {
  it("refuses a program of another copy of the compiler, loudly", async () => {
    const world = await readWorld(findPackageRoot().path);
    const foreign = { parser: {} } as unknown as Program;
    const options = { entry: "x", world, isAuthored: () => false, covers: false };
    expect(() => new ContractTransform(foreign, options)).toThrow(/^HRM3005: two copies/);
  });
});

describe("readWorld()", () => {
  it("names the module of every interface", async () => {
    const { modules } = await readWorld(findPackageRoot().path);
    for (const [name, module] of modules) expect(module).toBe(`hermetic:contract/${name}@0.1.0`);
    expect([...modules.keys()]).toEqual(expect.arrayContaining(["state", "context", "http"]));
  });
});

describe("findPackageRoot()", () => {
  it("finds the package from the sources and from a bundle, and nothing outside", () => {
    const { path, version } = findPackageRoot();
    expect(version).toBe("0.1.0");
    expect(findPackageRoot(`${path}/dist`).path).toBe(path);
    expect(() => findPackageRoot("/")).toThrow("not complete");
  });
});

describe("advice", () => {
  it("has an explanation for each code", () => {
    expect(Object.keys(buildTable)).toEqual(expect.arrayContaining(Object.keys(advice)));
  });
});
