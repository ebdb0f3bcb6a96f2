/**
 * A fresh directory per test, gone afterwards.
 *
 * @module
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

export function freshDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), "hermetic-test-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
