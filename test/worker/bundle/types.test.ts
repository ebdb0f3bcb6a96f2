import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeTypes } from "#worker/bundle/types.ts";

let root: string;
const emitted = (): string => join(root, "build", "types");
const published = (file: string): string => readFileSync(join(root, "dist", file), "utf8");

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "hermetic-types-"));
  const imports = { "#protocol/*": "./runtime/protocol/*", "#host/*": "./host/*" };
  write("package.json", JSON.stringify({ imports }));
  write(
    "build/types/sdk/client/index.d.ts",
    'import type { Abi } from "#protocol/abi.ts";\nexport * from "./call.ts";\nexport type A = Abi;\n',
  );
  write(
    "build/types/sdk/client/call.d.ts",
    'export declare const a: import("#protocol/abi.ts").Abi;\nexport { b } from "commander";\n',
  );
  write("build/types/runtime/protocol/abi.d.ts", "export interface Abi {}\n");
  write("build/types/host/vm/secret.d.ts", "export {};\n");
});

afterEach(() => rmSync(root, { recursive: true }));

describe("writeTypes()", () => {
  it("publishes what the entries reach, and nothing else", () => {
    expect(writeTypes(emitted(), join(root, "dist"), ["sdk/client/index.ts"])).toEqual([
      "runtime/protocol/abi",
      "sdk/client/call",
      "sdk/client/index",
    ]);
  });

  it("turns aliases and .ts into relative paths that an installed package has", () => {
    writeTypes(emitted(), join(root, "dist"), ["sdk/client/index.ts"]);
    expect(published("sdk/client/index.d.ts")).toBe(
      'import type { Abi } from "../../runtime/protocol/abi.js";\n' +
        'export * from "./call.js";\nexport type A = Abi;\n',
    );
    expect(published("sdk/client/call.d.ts")).toContain('import("../../runtime/protocol/abi.js")');
  });

  it("leaves packages alone", () => {
    writeTypes(emitted(), join(root, "dist"), ["sdk/client/index.ts"]);
    expect(published("sdk/client/call.d.ts")).toContain('from "commander"');
  });

  it("refuses an alias that the manifest does not have", () => {
    const alias = "#nowhere/x.ts";
    write("build/types/sdk/client/index.d.ts", `export * from "${alias}";\n`);
    expect(() => writeTypes(emitted(), join(root, "dist"), ["sdk/client/index.ts"])).toThrow(
      "#nowhere/x",
    );
  });
});
