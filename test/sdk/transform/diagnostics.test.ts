/**
 * What a build that fails says, as a whole. The single mistakes are in `mistakes/`.
 *
 * @module
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { build, BuildError } from "#sdk/transform/index.ts";
import { offeredNames } from "#sdk/transform/offered-names.ts";
import { advice } from "#sdk/transform/problem.ts";
import {
  around,
  directory,
  IMPORTS,
  mistakes,
  query,
} from "#test/sdk/transform/mistakes/mistakes.ts";

describe("build() of a mistaken contract", () => {
  it("names all mistakes at once, in the order of the file", async () => {
    const found = await mistakes(around("a: u32;\n@query private q(): void {}\nb: u32;"));
    expect(found.map(({ code, line }) => `${code}:${line}`)).toEqual([
      "HRM3105:3",
      "HRM3103:4",
      "HRM3105:5",
    ]);
  });

  it("passes the compiler's own messages on, with their place", async () => {
    const [diagnostic] = await mistakes(query("const a = nope;"));
    expect(diagnostic).toMatchObject({
      code: "TS2304",
      line: 3,
      message: "Cannot find name 'nope'.",
    });
  });

  it("says where to import from what hermetic/contract offers", async () => {
    const index = await readFile("sdk/contract/index.ts", "utf8");
    const exported = [...index.matchAll(/^export \{ (.*) \} from/gm)].flatMap(([, names = ""]) =>
      names.split(", "),
    );
    expect(offeredNames).toEqual(exported.toSorted());
    const [diagnostic] = await mistakes(query("const a = utf8(``);"));
    expect(diagnostic?.message).toBe(
      `'utf8' is not imported: import { utf8 } from "hermetic/contract"`,
    );
  });

  it("names types as the author writes them", async () => {
    const found = await mistakes(around("@query q(): string[] { return new Map<string, C>(); }"));
    expect(found[0]?.message).toBe(
      "Type 'Map<string,C>' is not assignable to type 'Array<string>'.",
    );
  });

  it("guesses which decorator was meant", async () => {
    const found = await mistakes(
      around("@qurey a(): void {}\n@Command b(): void {}\n@xyz c(): void {}"),
    );
    expect(found.map(({ message }) => message)).toEqual([
      "there is no decorator '@qurey': did you mean '@query'?",
      "there is no decorator '@Command': did you mean '@command'?",
      "there is no decorator '@xyz'",
    ]);
  });

  it("finds nothing wrong with syntax inside literals and comments", async () => {
    const text = query(
      '// a?.b ?? 10n\n const a = "try { await 1n }"; log(Level.info, `x ?? ${a}`);',
    );
    expect(await mistakes(text)).toEqual([]);
  });

  it("names the method that the compiler itself fails on", { timeout: 60_000 }, async () => {
    const found = await mistakes(
      `function deep<T>(x: T): T { return deep<T[]>([x])[0]; }\n${around(
        "@query a(): u32 { return 1; }\n@query b(): u32 { return 2; }\n@query boom(): u32 { return deep<u32>(1); }",
      )}`,
    );
    expect(found).toMatchObject([{ code: "HRM3008", line: 6, column: 8 }]);
    expect(found[0]?.message).toContain("on the method 'boom'");
  });

  it("says so when there is no contract", async () => {
    expect(await mistakes("export class X {}")).toMatchObject([{ code: "HRM3003" }]);
    const nowhere = build({ entry: join(directory, "nowhere.ts") });
    await expect(nowhere).rejects.toMatchObject({ name: "BuildError", code: "HRM3009" });
  });

  it("has a code for each failure and the failure as text", async () => {
    await writeFile(join(directory, "bad.ts"), IMPORTS + around("constructor() {}"));
    const error = await build({ entry: join(directory, "bad.ts") }).catch((each: unknown) => each);
    expect(error).toBeInstanceOf(BuildError);
    const { code, message } = error as BuildError;
    expect(code).toBe("HRM3109");
    expect(message).toContain("bad.ts:3:1");
    expect(message).toContain(advice.HRM3109);
  });
});
