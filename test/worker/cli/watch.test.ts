/**
 * `hermetic test --watch`: runs again what is saved, and ends with everything that it started.
 *
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { hermeticJson, spawnHermetic } from "#test/support/hermetic.ts";
import { ScratchProject } from "#test/support/scratch-project.ts";

vi.setConfig({ testTimeout: 600_000 });

const test = (value: number): string => `
import { it } from "vitest";
it("says", () => console.log("value ${value} of " + process.ppid + " !"));
`;

describe("hermetic test --watch", () => {
  let project: ScratchProject;

  beforeEach(() => {
    project = new ScratchProject();
    project.write("any.test.ts", test(1));
  });

  afterEach(() => project.dispose());

  it("runs tests again after a save, until it is told to end", async () => {
    const child = spawnHermetic(["test", "--watch"], { cwd: project.path });
    const exit = new Promise((resolve) => child.on("exit", (...how) => resolve(how)));
    let output = "";
    child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const said = async (text: string): Promise<void> => {
      while (!output.includes(text)) await sleep(20);
    };
    await said("value 1 of");
    await said("Waiting for file");
    project.write("any.test.ts", test(2));
    await said("value 2 of");
    const vitest = Number(/value 1 of (\d+) !/.exec(output)?.[1]);
    child.kill("SIGTERM");
    expect(await exit).toEqual([0, null]);
    expect(() => process.kill(vitest, 0), "vitest is still there").toThrow("ESRCH");
  });

  it("has no end that could be one line of JSON", async () => {
    const { status, value } = await hermeticJson(["test", "--watch"], { cwd: project.path });
    expect(status).toBe(2);
    expect(value.error.name).toBe("USAGE");
  });
});
