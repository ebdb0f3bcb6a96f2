/**
 * The compiler in a thread: the same results as in this process, and no process that does not end.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { CompilerThread } from "#sdk/testing/vitest/compiler/compiler-thread.ts";
import { build, BuildError, buildUnitTests } from "#sdk/transform/index.ts";

vi.setConfig({ testTimeout: 120_000 });

const CONTRACT = `
@contract
export class Counter {
  count: u64 = 0;

  @command
  add(by: u64): u64 {
    this.count += by;
    return this.count;
  }
}
`;

const STARTS = `
import { CompilerThread } from "#sdk/testing/vitest/compiler/compiler-thread.ts";
new CompilerThread().start();
`;

let folder: string;
const written = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hermetic-thread-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe("CompilerThread", () => {
  const thread = new CompilerThread();

  it.each([false, true])("builds what is built without it; coverage: %s", async (coverage) => {
    const file = written("counter.ts", CONTRACT);
    const { contracts } = await build({ entry: file, coverage });
    expect(await thread.make({ kind: "contract", file, coverage })).toEqual(contracts[0]);
  });

  it("does many jobs, each for whom it was asked for", async () => {
    const names = ["One", "Two", "Three", "Four"];
    const files = names.map((name) => written(`${name}.ts`, CONTRACT.replace("Counter", name)));
    const made = files.map((file) => thread.make({ kind: "contract", file, coverage: false }));
    expect((await Promise.all(made)).map(({ name }) => name)).toEqual(names);
  });

  it("compiles unit tests", async () => {
    const file = written("add.as.test.ts", "export function adds(): void { assert(1 + 1 == 2); }");
    const made = await thread.make({ kind: "units", file, coverage: false });
    expect(made).toEqual(await buildUnitTests(file));
  });

  it("gives the author's mistakes, with all that was read", async () => {
    const file = written("wrong.ts", CONTRACT.replace("+= by", "+= nonsense"));
    const here = await build({ entry: file }).catch((error: unknown) => error);
    const there = await thread
      .make({ kind: "contract", file, coverage: false })
      .catch((error: unknown) => error);
    if (!(here instanceof BuildError) || !(there instanceof BuildError)) throw new Error("built");
    expect(there).toEqual(here);
    expect(there.inputs).toEqual(here.inputs);
    expect(there.inputs.has(file)).toBe(true);
  });

  it("fails the jobs of a thread that ends, and starts another for the next", async () => {
    const program = written("ends.mjs", "process.exit(3);");
    const ending = new CompilerThread(program);
    const job = { kind: "contract", file: "any.ts", coverage: false } as const;
    const jobs = await Promise.allSettled([ending.make(job), ending.make(job)]);
    expect(jobs.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await expect(ending.make(job)).rejects.toThrow("the compiler's thread has ended");
  });

  it("keeps no process alive that has nothing to compile", () => {
    const flags = ["--input-type=module", "--eval", STARTS];
    const timeout = 60_000;
    const { status, stderr } = spawnSync(process.execPath, flags, { encoding: "utf8", timeout });
    expect([status, stderr]).toEqual([0, ""]);
  });
});
