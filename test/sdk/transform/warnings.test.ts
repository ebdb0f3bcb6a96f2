/**
 * What builds and is probably not meant: a bare minus on unsigned state, variables that forget, nothing to call.
 *
 * @module
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { build } from "#sdk/transform/index.ts";
import { around, directory, IMPORTS } from "#test/sdk/transform/mistakes/mistakes.ts";

/** The texts that a method's warnings are about. */
async function warned(body: string): Promise<(string | undefined)[]> {
  const entry = join(directory, "warned.ts");
  const members = `left: u64 = 9; debt: i64 = 0; wide: u128 = u128.Zero; held!: Mapping<Account, u64>; owed!: Mapping<u32, i32>;
    @command take(n: u64): void { ${body} }`;
  await writeFile(entry, IMPORTS + around(members));
  const { contracts } = await build({ entry });
  return (contracts[0]?.warnings ?? []).map(({ code, message, frame }) => {
    expect(code).toBe("HRM3323");
    expect(frame).toContain("~");
    return /'(.*)'/.exec(message)?.[1];
  });
}

describe("a bare minus", () => {
  it.each([
    ["this.left -= n;", "this.left"],
    ["this.left = this.left - n;", "this.left"],
    ["this.left--;", "this.left"],
    ["this.wide = this.wide - u128.One;", "this.wide"],
    [
      "this.held.set(ctx.caller(), this.held.get(ctx.caller()) - n);",
      "this.held.get(ctx.caller())",
    ],
    ["const h = this.held.getOr(ctx.caller(), 0); this.held.set(ctx.caller(), h - n);", "h"],
  ])("is warned of: %s", async (body, text) => {
    expect(await warned(body)).toEqual([text]);
  });

  it.each([
    "this.debt -= 5;",
    "this.owed.set(1, this.owed.get(1) - 1);",
    "if (this.left < n) throw new Error('no'); this.left -= n;",
    "assert(n <= this.left); this.left -= n;",
    "this.left -= min(this.left, n);",
    "const h = this.held.getOr(ctx.caller(), 0); if (h >= n) this.held.set(ctx.caller(), h - n);",
    "this.left += n - 1;",
  ])("is left alone where something is compared, or the number is signed: %s", async (body) => {
    expect(await warned(body)).toEqual([]);
  });
});

/** Codes of all warnings, with the names that they are about. */
async function warnings(source: string): Promise<string[]> {
  const entry = join(directory, "warned.ts");
  await writeFile(entry, IMPORTS + source);
  const { contracts } = await build({ entry });
  return (contracts[0]?.warnings ?? []).map(
    ({ code, message }) => `${code} ${/'(.*)'/.exec(message)?.[1]}`,
  );
}

describe("a variable outside of methods", () => {
  it("is warned of: nothing keeps it", async () => {
    const source = `let count: u32 = 0;\n${around("static n: u32 = 0; @command c(): u32 { return ++count + ++C.n; }")}`;
    expect(await warnings(source)).toEqual(["HRM3328 count", "HRM3328 n"]);
  });

  it("is left alone if it never changes", async () => {
    const source = `const MOST: u32 = 5;\n${around("static readonly n: u32 = 1; @query q(): u32 { return MOST + C.n; }")}`;
    expect(await warnings(source)).toEqual([]);
  });
});

describe("a contract of which nothing can be called", () => {
  it("is warned of", async () => {
    expect(await warnings(around("n: u32 = 0; add(): void { this.n += 1; }"))).toEqual([
      "HRM3125 C",
    ]);
  });
});

describe("what the compiler warns of", () => {
  it("is told of the author's lines, not of those of the SDK that they use", async () => {
    const asking = '@query q(): u16 { return http.get("https://a.example").status; }';
    expect(await warnings(around(asking))).toEqual([]);
  });
});
