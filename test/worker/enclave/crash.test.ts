/**
 * A worker under load is killed at random moments, through batches, snapshots and rotations.
 *
 * Every command that was confirmed must be in the state exactly once, and its receipt must be found.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { freshDirectory } from "../support/directory.ts";
import { requestIdOf } from "../support/fake-enclave.ts";
import { receiptOf, sealedText, startFake } from "../support/worker.ts";

const ROUNDS = 10;

describe("a worker that is killed", () => {
  it("keeps every confirmed command once, with its receipt", { timeout: 120_000 }, async () => {
    const path = join(freshDirectory(), "data");
    const confirmed: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const script = fileURLToPath(new URL("./crasher.ts", import.meta.url));
      const child = spawn(process.execPath, [script, path, String(round)], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let text = "";
      const firstLine = new Promise<void>((resolve) => {
        child.stdout.on("data", (chunk: Buffer) => {
          text += chunk.toString();
          resolve();
        });
        child.on("close", () => resolve());
      });
      await firstLine;
      await new Promise((resolve) => setTimeout(resolve, (round * 53) % 190));
      child.kill("SIGKILL");
      await new Promise((resolve) => child.on("close", resolve));
      confirmed.push(...text.split("\n").slice(0, -1));
    }
    const { supervisor, enclave } = await startFake(path);
    const executed = enclave.entries.filter((entry) => entry.startsWith("command "));
    expect(new Set(executed).size).toBe(executed.length);
    expect(confirmed.length).toBeGreaterThan(ROUNDS);
    expect(confirmed.filter((envelope) => !executed.includes(envelope))).toEqual([]);
    expect(enclave.restored.snapshot).toBeGreaterThan(0);
    for (const envelope of confirmed) {
      const receipt = await receiptOf(supervisor, requestIdOf(Buffer.from(envelope)));
      expect(sealedText(receipt)).toBe(envelope);
    }
    await supervisor.stop();
  });
});
