/**
 * What a test file loads: each waits for it anew, in a process of its own.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";

vi.setConfig({ testTimeout: 120_000 });

const COMPILERS = /\/node_modules\/(assemblyscript|binaryen|@bytecodealliance)\//;
const root = join(import.meta.dirname, "../../..");

/** Prints the address of every module that the one it is given leads to. */
const LIST = `
import { registerHooks } from "node:module";
const urls = new Set();
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    urls.add(found.url);
    return found;
  },
});
await import(process.argv[1]);
console.log(JSON.stringify([...urls]));
`;

function modulesOf(entry: string): readonly string[] {
  const flags = ["--conditions=hermetic-source", "--input-type=module", "--eval", LIST];
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, join(root, entry)], {
    cwd: root,
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  return JSON.parse(stdout) as string[];
}

describe("hermetic/testing", () => {
  it("loads no compiler: a test runs what is built already", () => {
    const modules = modulesOf("sdk/testing/index.ts");
    expect(modules.some((url) => url.endsWith("sdk/testing/world.ts"))).toBe(true);
    expect(modules.filter((url) => COMPILERS.test(url))).toEqual([]);
  });
});

describe("hermetic/vitest", () => {
  it("leaves the compiler to its thread", () => {
    const modules = modulesOf("sdk/testing/vitest/index.ts");
    expect(modules.some((url) => url.endsWith("sdk/testing/vitest/plugin.ts"))).toBe(true);
    expect(modules.filter((url) => COMPILERS.test(url))).toEqual([]);
  });
});
