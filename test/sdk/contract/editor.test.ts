/**
 * Contracts as an editor shows them: no false errors, and what a name means when it is pointed at.
 *
 * Every contract, fixture and template is put into a project as `hermetic new` makes it, and checked by
 * TypeScript with the configuration that such a project gets.
 *
 * @module
 */
import { execFile } from "node:child_process";
import {
  cpSync,
  globSync,
  mkdtempSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LanguageServer } from "#test/support/language-server.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const TSC = join(root, "node_modules", "typescript", "bin", "tsc");
const CONFIG = "templates/common/contracts/tsconfig.json";
/** Files of AssemblyScript: contracts, and what these import. */
const PLACES = [
  "contracts/*/*.ts",
  "templates/*/contracts/**/*.ts",
  "test/**/fixtures/**/*.ts",
  "test/bench/{contracts,kernels/contracts}/**/*.ts",
];
const WRITTEN = /from "hermetic\/contract"|^\s*@(contract|data|error|event)\b/m;

let project: string;
let sources: string[];
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "hermetic-"));
  mkdirSync(join(project, "node_modules"));
  symlinkSync(root, join(project, "node_modules", "hermetic"));
  const isContract = (file: string): boolean =>
    !/\.(test|d)\.ts$/.test(file) &&
    (file.includes("/contracts/") || WRITTEN.test(readFileSync(join(root, file), "utf8")));
  sources = PLACES.flatMap((pattern) => globSync(pattern, { cwd: root })).filter(isContract);
  for (const file of [...sources, CONFIG]) cpSync(join(root, file), join(project, file));
  writeFileSync(
    join(project, "tsconfig.json"),
    JSON.stringify({ extends: `./${CONFIG}`, include: sources }),
  );
});
afterAll(() => {
  rmSync(project, { recursive: true });
});

/** What TypeScript says about the project. @param config - Another configuration in its folder. */
async function check(config = "tsconfig.json"): Promise<string[]> {
  const options = ["-p", join(project, config), "--pretty", "false"];
  const { stdout } = await promisify(execFile)(process.execPath, [TSC, ...options]).catch(
    (failed: { stdout: string }) => failed,
  );
  return stdout.split("\n").filter((line) => line !== "");
}

/** What it says about one contract. */
async function checkAlone(text: string): Promise<string[]> {
  const config = { extends: `./${CONFIG}`, include: ["alone.ts"] };
  writeFileSync(join(project, "alone.ts"), text);
  writeFileSync(join(project, "tsconfig.alone.json"), JSON.stringify(config));
  return check("tsconfig.alone.json");
}

describe("TypeScript", { timeout: 120_000 }, () => {
  it("finds nothing wrong in any contract, fixture and template", async () => {
    expect(sources.length).toBeGreaterThan(40);
    expect(await check()).toEqual([]);
  });

  it("goes over what contracts go over", async () => {
    expect(
      await checkAlone(`import { bytes } from "hermetic/contract";
@contract export class Sums {
  total: u64 = 0;
  @command add(data: bytes, numbers: u32[], wide: Uint16Array, fixed: StaticArray<u8>): void {
    for (const byte of data) this.total += byte;
    for (const number of numbers) this.total += number;
    for (const number of wide) this.total += number;
    for (const number of fixed) this.total += number;
    for (const letter of "abc") this.total += letter.codePointAt(0);
    for (const number of new Set<u32>().values()) this.total += number;
  }
}`),
    ).toEqual([]);
  });

  it("finds what is wrong", async () => {
    const found = await checkAlone(`import { bytes, Mapping, u128 } from "hermetic/contract";
@contract export class Wrong {
  held!: Mapping<u128, string>;
  @only open(): void {}
  @query text(): u32 { return this.held.get(u128.One); }
  @query key(): string { return this.held.get("x"); }
  @data field: u32 = 0;
  @command name(data: bytes): void { for (const byte of data) this.held.set(u128.One, byte); }
  @command count(): void { for (const one of 5) this.field += one; }
}`);
    const lines = found.flatMap((line) => /alone\.ts\((\d+),/.exec(line)?.[1] ?? []);
    expect(new Set(lines)).toEqual(new Set(["4", "5", "6", "7", "8", "9"]));
  });
});

describe("an editor", { timeout: 120_000 }, () => {
  let server: LanguageServer;
  beforeAll(async () => {
    server = new LanguageServer(TSC);
    await server.open(project);
  });
  afterAll(() => server.close());

  it.each([
    ["contracts/token/token.ts", "@only(", "only", "Only the account in this state field"],
    [
      "contracts/token/token.ts",
      "@contract",
      "contract",
      "The class is the contract of this file.",
    ],
    ["contracts/token/token.ts", ".getOr(", "getOr", "A copy, or `otherwise`."],
    ["contracts/token/token.ts", "ctx.caller()", "caller", "The account that signed the call"],
    ["contracts/token/token.ts", "@command", "command", "Changes state; ordered."],
    ["contracts/sale/sale.ts", "contracts.tryAt", "tryAt", "The contract at an address"],
    ["contracts/sale/sale.ts", "token.transferFrom", "transferFrom", "transferFrom"],
  ])("shows in %s for %s what it is", async (file, before, mark, shown) => {
    expect(await server.hover(join(project, file), before, mark)).toContain(shown);
  });
});
