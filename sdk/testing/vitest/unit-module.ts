/**
 * Turns a file of unit tests in AssemblyScript into a test file that vitest runs.
 *
 * @module
 */
import { basename } from "node:path";
import { titleOf } from "#sdk/testing/unit/run-unit.ts";
import type { UnitTests } from "#sdk/transform/index.ts";

const NAME = /\.as\.test\.ts$/;

export function isUnitFile(id: string): boolean {
  return NAME.test(id);
}

export function unitModuleText({ entry, wasm, tests }: UnitTests): string {
  const base64 = JSON.stringify(Buffer.from(wasm).toString("base64"));
  const cases = tests.map((name) => {
    const run = `() => runUnit(module, ${JSON.stringify(name)}, ${JSON.stringify(entry)})`;
    return `  it(${JSON.stringify(titleOf(name))}, ${run});`;
  });
  return `import { runUnit } from "hermetic/testing";
import { describe, it } from "vitest";
const module = new WebAssembly.Module(Uint8Array.fromBase64(${base64}));
describe(${JSON.stringify(basename(entry).replace(NAME, ""))}, () => {
${cases.join("\n")}
});
`;
}
