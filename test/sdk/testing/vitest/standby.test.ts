/**
 * Processes that stand by under watch: each runs one file, and none outlives vitest.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ScratchProject } from "#test/support/scratch-project.ts";

const WAIT_MS = 120_000;
const SAVES = 3;

vi.setConfig({ testTimeout: 5 * WAIT_MS });

/** Every process for tests writes down its number before it does anything else. */
const CONFIG = `
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { hermetic } from "#sdk/testing/vitest/index.ts";
const root = import.meta.dirname;
const execArgv = ["--import", join(root, "began.mjs")];
export default defineConfig({ root, plugins: [hermetic()], test: { execArgv } });
`;
const BEGAN = `
import { appendFileSync } from "node:fs";
import { join } from "node:path";
appendFileSync(join(import.meta.dirname, "began"), process.pid + " ");
`;

const test = (save: number): string => `
import { expect, it } from "vitest";

it("has a process of its own", () => {
  expect(globalThis.wasHere).toBe(undefined);
  globalThis.wasHere = true;
  console.log("save ${save} is run by", process.pid, "!");
});
`;

describe("Standby", () => {
  let project: ScratchProject;

  beforeEach(() => {
    project = new ScratchProject();
    project.write("vitest.config.ts", CONFIG);
    project.write("began.mjs", BEGAN);
  });

  afterEach(() => project.dispose());

  /** Processes in the order in which they began, once there are so many. */
  const began = async (count: number): Promise<readonly number[]> => {
    for (;;) {
      const numbers = readFileSync(join(project.path, "began"), "utf8").trim().split(" ");
      if (numbers.length >= count) return numbers.map(Number);
      await sleep(20);
    }
  };

  const runBy = async (save: number): Promise<number> => {
    await project.printed(`save ${save} is run by`, WAIT_MS);
    const pid = Number((await project.printed("!", WAIT_MS)).replace("!", ""));
    await project.printed("Waiting for file", WAIT_MS);
    return pid;
  };

  it("has one ready before a file is saved, another each time, and leaves none behind", async () => {
    project.write("any.test.ts", test(0));
    project.watch();
    expect(await runBy(0)).toBe((await began(1))[0]);
    for (let save = 1; save <= SAVES; save++) {
      const waiting = (await began(save + 1)).at(-1);
      project.write("any.test.ts", test(save));
      expect(await runBy(save)).toBe(waiting);
    }
    const all = await began(SAVES + 2);
    expect(new Set(all).size).toBe(SAVES + 2);
    project.stop();
    for (const pid of all) await ended(pid);
  });
});

/** Waits until a process is no more. */
async function ended(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await sleep(20);
  }
}
