/**
 * What is kept of builds: never stale, whatever is written when, and never built twice for nothing.
 *
 * @module
 */
import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Builds, contractBuilder } from "#sdk/testing/vitest/builds.ts";
import { BuildError } from "#sdk/transform/index.ts";

vi.setConfig({ testTimeout: 120_000 });

let folder: string;
const path = (name: string): string => join(folder, name);

function write(answer: string): void {
  writeFileSync(path("answer.ts"), `export function answer(): u32 { return ${answer}; }\n`);
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hermetic-builds-"));
  write("1");
  writeFileSync(
    path("oracle.ts"),
    `import { answer } from "./answer";
@contract
export class Oracle {
  @query
  ask(): u32 {
    return answer();
  }
}
`,
  );
});

afterAll(() => rmSync(folder, { recursive: true }));

describe("Builds", () => {
  const file = (): string => path("oracle.ts");

  it("keeps a contract as long as nothing of it changes", async () => {
    const builds = new Builds(contractBuilder());
    const first = await builds.get(file());
    expect(await builds.get(file())).toBe(first);
    const [one, other] = await Promise.all([builds.get(file()), builds.get(file())]);
    expect(one).toBe(other);
  });

  it("sees a change that neither size nor time tell", async () => {
    const builds = new Builds(contractBuilder());
    const { codeHash } = await builds.get(file());
    const { atime, mtime, size } = statSync(path("answer.ts"));
    write("2");
    utimesSync(path("answer.ts"), atime, mtime);
    expect(statSync(path("answer.ts"))).toMatchObject({ size, mtime });
    expect((await builds.get(file())).codeHash).not.toBe(codeHash);
    write("1");
    expect((await builds.get(file())).codeHash).toBe(codeHash);
  });

  it("property: gives what is there when it is asked, also if that changes while it builds", async () => {
    const builds = new Builds(contractBuilder());
    const hashes = new Map<string, string>();
    for (const answer of ["3", "4", "5"]) {
      write(answer);
      hashes.set(answer, (await new Builds(contractBuilder()).get(file())).codeHash);
    }
    for (const delayMs of [0, 1, 20, 100, 300]) {
      write("3");
      const asked = builds.get(file());
      await new Promise((resolve) => void setTimeout(resolve, delayMs));
      write("4");
      write("5");
      await asked;
      expect((await builds.get(file())).codeHash, `after ${delayMs} ms`).toBe(hashes.get("5"));
    }
  });

  it("keeps mistakes as well, until they are mended", async () => {
    const builds = new Builds(contractBuilder());
    write("nonsense");
    const failed = await builds.get(file()).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(BuildError);
    await expect(builds.get(file())).rejects.toBe(failed);
    write("1");
    expect((await builds.get(file())).name).toBe("Oracle");
  });

  it("notices a file that takes the place of another", async () => {
    const builds = new Builds(contractBuilder());
    rmSync(path("answer.ts"));
    await expect(builds.get(file())).rejects.toBeInstanceOf(BuildError);
    write("1");
    expect((await builds.get(file())).name).toBe("Oracle");
  });

  it("builds what a changed file is part of, and nothing else", async () => {
    const builds = new Builds(contractBuilder());
    const before = await builds.get(file());
    await builds.changed(path("unknown.ts"));
    expect(await builds.get(file())).toBe(before);
    write("9");
    await builds.changed(path("answer.ts"));
    expect((await builds.get(file())).codeHash).not.toBe(before.codeHash);
  });
});
