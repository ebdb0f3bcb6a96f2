/**
 * What of TypeScript the language does not have, and the places where it is used.
 *
 * @module
 */
import { around, query, refuses } from "#test/sdk/transform/mistakes/mistakes.ts";

refuses([
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
  [
    "HRM3311",
    "for…of over a collection",
    around("s!: KeySet<u32>; @query q(): u32 { for (const x of this.s) return x; return 1; }"),
    "for (",
  ],
  ["HRM3319", "a label", query("all: for (;;) break all;"), "all:"],
  ["HRM3320", "for…in", query("const a = [1]; for (const i in a) ctx.now();"), "for ("],
  [
    "HRM3321",
    "a result that is a list of what may be null",
    around("@query q(): (Account | null)[] { return []; }"),
    "(Account",
  ],
  ["HRM3322", "map() without a type", query("[1].map((x) => x + 1);"), "((x)"],
  [
    "HRM3303",
    "a parameter taken apart",
    "@data class P { x: u32 = 0; }\n" + around("@query q({ x }: P): void {}"),
    "{ x }",
  ],
  [
    "HRM3303",
    "an assignment that takes apart",
    query("let a = 1, b = 2; [a, b] = [b, a];"),
    "[a, b] =",
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
  ["HRM3324", "a parameter called of", around("@query q(of: u32): u32 { return of; }"), "of: u32"],
  ["HRM3324", "a local called package", query("let package: u32 = 1;"), "package: u32"],
  ["HRM3324", "a function called of", `function of(): void {}\n${around("")}`, "of()"],
]);
