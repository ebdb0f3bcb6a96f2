/**
 * The powers of a test kit are nowhere in what a worker runs.
 *
 * @module
 */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../../..");

it("gives nobody eyes on the calls of contracts", () => {
  const texts = globSync("runtime/platform/**/*.ts", { cwd: root })
    .map((file) => readFileSync(join(root, file), "utf8"))
    .filter((text) => text.includes("new Enclave("));
  expect(texts).toHaveLength(1);
  const [, powers = ""] = /new Enclave\(\{(.*?)\n\s*\}\);/s.exec(texts[0] ?? "") ?? [];
  expect(powers).toContain("entropy");
  expect(powers).not.toMatch(/\b(watch|locatesTraps|instrument)\b|\.\.\./);
});
