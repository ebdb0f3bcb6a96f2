import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { entries, writePackage } from "#worker/bundle/package.ts";

const two = { cli: "worker/cli/main.ts", client: "sdk/client/index.ts" };
let root: string;

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "hermetic-package-"));
  write("package.json", JSON.stringify({ imports: { "#protocol/*": "./runtime/protocol/*" } }));
  write(
    "runtime/protocol/fault.ts",
    "export class Fault extends Error { readonly code: number = 1; }",
  );
  write(
    "worker/cli/main.ts",
    '#!/usr/bin/env node\nimport { Command } from "commander";\n' +
      'import { Fault } from "#protocol/fault.ts";\nconsole.log(Command, Fault);',
  );
  write("sdk/client/index.ts", 'export { Fault } from "#protocol/fault.ts";');
});

afterEach(() => rmSync(root, { recursive: true }));

describe("writePackage()", () => {
  it("writes JavaScript that shares its modules, with packages left as imports", async () => {
    const dist = join(root, "dist");
    const files = await writePackage(root, dist, two);
    expect(files.toSorted()).toEqual(["cli.js", "client.js", "shared/fault.js"]);
    const cli = readFileSync(join(dist, "cli.js"), "utf8");
    expect(cli).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(cli).toContain('from "commander"');
    expect(cli).toContain('from "./shared/fault.js"');
    expect(readFileSync(join(dist, "shared/fault.js"), "utf8")).not.toContain(": number");
  });

  it("makes the command executable", async () => {
    const dist = join(root, "dist");
    await writePackage(root, dist, two);
    expect(statSync(join(dist, "cli.js")).mode & 0o111).toBe(0o111);
  });

  it("refuses an import that leads nowhere", async () => {
    write("sdk/client/index.ts", 'export { Fault } from "#protocol/nowhere.ts";');
    await expect(writePackage(root, join(root, "dist"), two)).rejects.toThrow("nowhere");
  });

  it("refuses to leave out an entry", async () => {
    await expect(writePackage(root, join(root, "dist"), entries)).rejects.toThrow(/testing/);
  });
});
