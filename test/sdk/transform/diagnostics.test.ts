/**
 * Each mistake an author can make, its code and its place. The sources are written to a temporary
 * directory without any `node_modules`, as a user's first contract may lie.
 *
 * @module
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { build, BuildError, type BuildDiagnostic } from "#sdk/transform/index.ts";
import { advice } from "#sdk/transform/problem.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "hermetic-"));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
});

const IMPORTS =
  'import { Account, bytes, Command, contracts, ctx, emit, http, IndexedMap, KeySet, Level, List, log, Mapping, u128 } from "hermetic/contract";\n';

/** Builds a source that has mistakes and returns what is said about them. */
async function mistakes(source: string): Promise<readonly BuildDiagnostic[]> {
  const entry = join(directory, "bad.ts");
  await writeFile(entry, IMPORTS + source);
  try {
    await build({ entry });
  } catch (error) {
    if (error instanceof BuildError) return error.diagnostics;
    throw error;
  }
  return [];
}

/** A contract around the members of a class. */
const around = (members: string): string => `@contract export class C {\n${members}\n}`;
const query = (body: string): string => around(`@query q(): u32 { ${body} return 1; }`);

/** Code, source, and the marked text: where the place starts. */
type Case = readonly [code: string, what: string, source: string, marked: string];

const cases: readonly Case[] = [
  [
    "HRM3401",
    "a call of another contract without its class",
    query("contracts.at(ctx.self());"),
    "contracts.at(",
  ],
  [
    "HRM3401",
    "a call of a class that is no contract",
    `class Plain {}\n${query("contracts.tryAt<Plain>(ctx.self());")}`,
    "Plain>(",
  ],
  [
    "HRM3401",
    "a call of an interface without kinds",
    `interface Loose { pay(): void }\n${query("contracts.at<Loose>(ctx.self());")}`,
    "Loose>(",
  ],
  [
    "HRM3402",
    "a call of a method that cannot be called from outside",
    `interface Payee { pay(): Command<void>; other(): void }\n${query("contracts.at<Payee>(ctx.self()).other();")}`,
    "other();",
  ],
  [
    "HRM3402",
    "the same through a local",
    `interface Payee { pay(): Command<void> }\n${query("const p = contracts.at<Payee>(ctx.self()); p.other();")}`,
    "other();",
  ],
  [
    "HRM3404",
    "another contract under its own type",
    `interface Payee { pay(): Command<void> }\n${query("const p: Payee = contracts.at<Payee>(ctx.self()); p.pay();")}`,
    "contracts.at<Payee>(",
  ],
  ["HRM3403", "@reentrant on @init", around("@init @reentrant open(): void {}"), "@reentrant"],
  ["HRM3403", "@reentrant on no method of a kind", around("@reentrant m(): void {}"), "@reentrant"],
  [
    "HRM3403",
    "@reentrant with a value",
    around('@query @reentrant("x") q(): void {}'),
    "@reentrant",
  ],
  [
    "HRM3403",
    "@reentrant on a name outside ASCII",
    around("@query @reentrant zähle(): void {}"),
    "@reentrant",
  ],
  [
    "HRM3101",
    "a contract that is not exported",
    "@contract class C { @query q(): void {} }",
    "C {",
  ],
  [
    "HRM3110",
    "a contract with a base class",
    "class B {}\n@contract export class C extends B {}",
    "C extends",
  ],
  ["HRM3110", "a generic contract", "@contract export class C<T> {}", "C<T>"],
  ["HRM3004", "two contracts in a file", `${around("")}\n@contract export class D {}`, "D {}"],
  ["HRM3102", "a method of two kinds", around("@query @command both(): void {}"), "both"],
  ["HRM3103", "a private method", around("@query private q(): void {}"), "q()"],
  ["HRM3103", "a static method", around("@query static q(): void {}"), "q()"],
  ["HRM3103", "a generic method", around("@query q<T>(a: T): void {}"), "q<T>"],
  ["HRM3103", "a getter", around("@query get q(): u32 { return 1; }"), "q()"],
  ["HRM3104", "a field without a type", around("field = 3;"), "field"],
  ["HRM3105", "a field without a first value", around("field: u64;"), "field"],
  ["HRM3106", "a default value", around("@query q(a: u32 = 3): void {}"), "a: u32"],
  ["HRM3106", "an optional parameter", around("@query q(a?: u32): void {}"), "a?"],
  [
    "HRM3107",
    "@only without a name",
    around("owner: Account = Account.zero; @command @only(owner) c(): void {}"),
    "@only",
  ],
  ["HRM3107", "@only of a missing field", around('@command @only("owner") c(): void {}'), "@only"],
  [
    "HRM3107",
    "@only of a field that is no account",
    around('owner: u64 = 0; @command @only("owner") c(): void {}'),
    "@only",
  ],
  ["HRM3108", "two @init", around("@init a(): void {}\n@init b(): void {}"), "b()"],
  ["HRM3109", "a constructor", around("constructor() {}"), "constructor"],
  ["HRM3111", "a reserved name", around("__x: u32 = 0;"), "__x"],
  ["HRM3104", "a method without a result type", around("@command c() {}"), " {}"],
  [
    "HRM3113",
    "two methods of one name",
    around("@query q(): void {}\n@command q(): void {} //2"),
    "q(): void {} //2",
  ],
  [
    "HRM3113",
    "two fields stored under one name",
    around('a: u32 = 0; @was("a") b: u32 = 0;'),
    "b: u32",
  ],
  [
    "HRM3114",
    "a collection with a value",
    around('m: Mapping<u32, u32> = new Mapping<u32, u32>("x");'),
    "m: Mapping",
  ],
  [
    "HRM3114",
    "a collection that may be null",
    around("m: Mapping<u32, u32> | null = null;"),
    "m: Mapping",
  ],
  [
    "HRM3115",
    "@only without a kind",
    around('o: Account = Account.zero; @only("o") c(): void {}'),
    "@only",
  ],
  [
    "HRM3115",
    "@only on @init",
    around('o: Account = Account.zero; @init @only("o") c(): void {}'),
    "@only",
  ],
  ["HRM3116", "@was without a name", around("@was(old) b: u32 = 0;"), "@was"],
  [
    "HRM3118",
    "a planned method with a parameter",
    around("@scheduled tick(n: u32): void {}"),
    "tick(n",
  ],
  ["HRM3119", "a pace of nothing", around("@every(0) tick(): void {}"), "@every(0)"],
  ["HRM3119", "a pace that is no number", around('@every("day") tick(): void {}'), "@every"],
  ["HRM3117", "a command called init", around("@command init(): void {}"), "init()"],

  [
    "HRM3201",
    "a class without @data",
    `export class P { x: u32 = 0; }\n${around("@query q(): P { return new P(); }")}`,
    "P { return",
  ],
  [
    "HRM3201",
    "an event as a value",
    `@event export class P {}\n${around("@query q(): P { return new P(); }")}`,
    "P { return",
  ],
  ["HRM3202", "a map as argument", around("@query q(a: Map<string, u32>): void {}"), "Map<"],
  ["HRM3202", "a pointer-sized integer", around("@query q(a: usize): void {}"), "usize"],
  [
    "HRM3202",
    "a map inside @data",
    `@data export class P { constructor(public m: Map<u32, u32>) {} }\n${around("@query q(a: P): void {}")}`,
    "Map<",
  ],
  ["HRM3202", "a function", around("@query q(a: () => void): void {}"), "() =>"],
  ["HRM3104", "a @data field without a type", `@data export class P { x; }\n${around("")}`, "x;"],
  ["HRM3204", "two marks on a class", `@data @event export class P {}\n${around("")}`, "P {}"],
  ["HRM3204", "a generic @data class", `@data export class P<T> {}\n${around("")}`, "P<T>"],
  [
    "HRM3204",
    "a @data class with a base class",
    `class B {}\n@data export class P extends B {}\n${around("")}`,
    "P extends",
  ],
  [
    "HRM3205",
    "emitting what is no event",
    `@data export class P {}\n${around("@command c(): void { emit(new P()); }")}`,
    "new P",
  ],
  [
    "HRM3206",
    "throwing what is no error",
    `@data export class P {}\n${around("@command c(): void { throw new P(); }")}`,
    "new P",
  ],
  ["HRM3206", "throwing a variable", query('const e = new Error("x"); throw e;'), "e; return"],
  [
    "HRM3207",
    "changing a copy",
    `@data export class P { x: u32 = 0; }\n${around("m!: Mapping<u32, P>; @command c(): void { this.m.get(1).x = 5; }")}`,
    "this.m",
  ],
  [
    "HRM3207",
    "counting up in a copy",
    `@data export class P { x: u32 = 0; }\n${around("m!: List<P>; @command c(): void { this.m[1].x++; }")}`,
    "this.m",
  ],
  [
    "HRM3208",
    "a class as key",
    `@data export class P {}\n${around("m!: Mapping<P, u32>;")}`,
    "P, u32",
  ],
  ["HRM3208", "a list as key", around("m!: KeySet<u32[]>;"), "u32[]"],
  [
    "HRM3210",
    "an IndexedMap of values that name no index",
    `@data export class P {}\n${around("m!: IndexedMap<u32, P>;")}`,
    "P>",
  ],
  ["HRM3210", "an IndexedMap of numbers", around("m!: IndexedMap<u32, u64>;"), "u64"],
  [
    "HRM3209",
    "an event of unknown visibility",
    `@event("all") export class P {}\n${around("")}`,
    "@event",
  ],

  ["HRM3301", "?.", query("ctx.caller()?.toString();"), "?."],
  ["HRM3302", "??", query('const a = "" ?? "b";'), "??"],
  ["HRM3303", "taking an object apart", query("const { a } = ctx.caller();"), "const {"],
  ["HRM3303", "taking an array apart", query("let [a, b] = [1, 2];"), "let ["],
  ["HRM3304", "async", around("@query async q(): u32 { return 1; }"), "async"],
  ["HRM3304", "await", query('const a = await http.get("u");'), "await"],
  ["HRM3305", "a bigint literal", query("const a: u64 = 10n;"), "10n"],
  [
    "HRM3306",
    "a closure",
    query("let n = 1; n++; const a = [1]; a.filter((x) => x > n);"),
    "n); return",
  ],
  ["HRM3307", "try", query("try { ctx.now(); } catch (e) { ctx.now(); }"), "try {"],
  ["HRM3308", "a union", query("let a: u32 | string = 1;"), "string = 1"],
  ["HRM3309", "a spread", query("const a = [1]; const b = [...a];"), "...a]"],
  ["HRM3310", "a regular expression", query('const a = /x/.test("x");'), "/x/"],
  [
    "HRM3311",
    "for…of over a set",
    query("const s = new Set<u32>(); for (const x of s) log(Level.info, x.toString());"),
    "for (",
  ],
  ["HRM3312", "a number that may be null", query("let a: u32 | null = null;"), "u32 | null"],
  [
    "HRM3313",
    "a field tested for null",
    around(
      "f: Account | null = null; @query q(): Account { if (this.f !== null) return this.f; return ctx.caller(); }",
    ),
    "this.f; return",
  ],
  ["HRM3314", "a number made smaller", around("@query q(a: u64): u32 { return a; }"), "a; }"],
  ["HRM3315", "an object without a class", query("const a = { b: 1 };"), "{ b"],
  ["HRM3316", "Math.random", around("@query q(): f64 { return Math.random(); }"), "Math.random"],
  ["HRM3317", "Date.now", around("@query q(): i64 { return Date.now(); }"), "Date.now"],
  ["HRM3318", "console.log", query('console.log("x");'), "console.log"],
  ["HRM3318", "trace", query('trace("x");'), "trace"],
  ["HRM3002", "a missing file", `import { a } from "./nope";\n${query("a();")}`, '"./nope"'],
  ["HRM3002", "a missing package", `import { a } from "nope";\n${query("a();")}`, '"nope"'],
  [
    "HRM3007",
    "an import of the author's own",
    `export declare function evil(): void;\n${query("evil();")}`,
    "evil(): void",
  ],
];

describe("build() of a mistaken contract", () => {
  it.each(cases)("%s for %s", async (code, _, source, marked) => {
    const found = await mistakes(source);
    expect(found.map((each) => each.code)).toEqual([code]);
    const [diagnostic] = found;
    const text = IMPORTS + source;
    const before = text.slice(0, text.indexOf(marked, IMPORTS.length)).split("\n");
    expect(diagnostic).toMatchObject({
      file: join(directory, "bad.ts"),
      line: before.length,
      column: (before.at(-1)?.length ?? 0) + 1,
      advice: advice[code as keyof typeof advice],
    });
    expect(diagnostic?.frame).toContain("~");
  });

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

  it("finds nothing wrong with syntax inside literals and comments", async () => {
    const text = query(
      '// a?.b ?? 10n\n const a = "try { await 1n }"; log(Level.info, `x ?? ${a}`);',
    );
    expect(await mistakes(text)).toEqual([]);
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
