/**
 * What people write out of habit: each is refused where it stands, or means what it means in TypeScript.
 *
 * @module
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Guest } from "#test/support/guest.ts";
import {
  around,
  directory,
  IMPORTS,
  mistakes,
  query,
  refuses,
} from "#test/sdk/transform/mistakes/mistakes.ts";

/** A query behind what stands before the contract. */
const behind = (before: string, body = ""): string => `${before}\n${query(body)}`;

refuses([
  ["HRM3303", "a callback's parameter taken apart", query("[1].forEach(({ x }) => {});"), "{ x }"],
  [
    "HRM3303",
    "parts assigned by name",
    query("let a = 0, b = 0; ({ a, b } = { a: 1, b: 2 });"),
    "{ a, b } =",
  ],
  ["HRM3007", "a promise", query("const p = new Promise<u32>((r) => r(1));"), "Promise<"],
  [
    "HRM3306",
    "a callback that uses this",
    around("f: u32[] = []; @query q(): u32[] { return this.f.filter((x) => x > this.f[0]); }"),
    "f[0]",
  ],
  [
    "HRM3306",
    "an inner function that uses a local",
    query("let k = 2; k++; function inner(): u32 { return k; } return inner();"),
    "k; } return",
  ],
  ["HRM3309", "a spread object", query("const o = { ...ctx.caller() };"), "{ ..."],
  ["HRM3309", "spread arguments", query("return Math.max(...[1, 2]) as u32;"), "...["],
  ["HRM3310", "a pattern that is made", query('const r = new RegExp("x");'), "new RegExp"],
  ["HRM3310", "match()", query('"abc".match("b");'), 'match("b'],
  ["HRM3311", "forEach of a map", query("new Map<u32, u32>().forEach((v) => {});"), "forEach((v"],
  [
    "HRM3314",
    "a comparison of unlike signs",
    query("const a: i32 = -1; const b: u32 = 1; if (a < b) return 1;"),
    "a < b",
  ],
  ["HRM3315", "an object type", query("let x: { a: u32 };"), "{ a:"],
  ["HRM3317", "new Date()", query("const x = new Date();"), "new Date"],
  ["HRM3319", "a label of a block", query("label: { break label; }"), "break label"],
  ["HRM3329", "a generator", behind("function* g(): u32 { return 1; }"), "function*"],
  ["HRM3329", "yield, at which the compiler fails", query("const x = yield 1;"), "yield"],
  ["HRM3330", "||=", query("let b = true; b ||= false;"), "||="],
  ["HRM3007", "any", query("let x: any = 1;"), "any ="],
  ["HRM3331", "as const", query("const x = [1] as const;"), "[1]"],
  ["HRM3331", "keyof", query("let x: keyof Account;"), "keyof"],
  ["HRM3331", "satisfies", query("const x = <u32>1 satisfies u32;"), "satisfies"],
  ["HRM3331", "a conditional type", behind("type F<T> = T extends string ? u32 : u64;"), "type F"],
  ["HRM3332", "a # name", query("this.#p = 1;"), "#p"],
  ["HRM3333", "import type", behind('import type { X } from "./x";'), "import type"],
  ["HRM3334", "delete", query("const a = [1]; delete a[0];"), "delete"],
  ["HRM3334", "in", query('if ("a" in [1]) return 1;'), '"a" in'],
  ["HRM3334", "Object.keys", query("Object.keys([1]);"), "keys(["],
  ["HRM3007", "undefined", query("let x = undefined;"), "undefined;"],
  ["HRM3326", "a number behind text", query('const s = "a" + 5;'), "5;"],
  ["HRM3326", "a number before text", query('const s = 5 + "a";'), "5 +"],
  [
    "HRM3335",
    "an overload",
    behind("function o(a: u32): u32; function o(a: u32): u32 { return a; }"),
    "; function",
  ],
  ["HRM3007", "a timer", query("setTimeout(() => {}, 1);"), "setTimeout"],
  ["HRM3007", "JSON", query("JSON.stringify(1);"), "JSON"],
  ["HRM3315", "a tuple", query('let x: [u32, string] = [1, "a"];'), "[u32"],
  ["HRM3315", "a tuple as result", behind("function two(): [u32, u32] { return [1, 2]; }"), "[u32"],
]);

describe("build()", () => {
  it("says in a callback that this is not there", async () => {
    const [found] = await mistakes(
      around("f: u32 = 1; @query q(): bool { return [1].some((x) => <u32>x > this.f); }"),
    );
    expect(found?.message).toBe("'this.f' cannot be used in a function");
  });
});

/** Spellings that work, with what they give. */
const working: readonly (readonly [what: string, body: string, value: number, before?: string])[] =
  [
    [
      "a callback without captures",
      "const a = [3, 1, 2]; a.sort((x, y) => x - y); return a[0];",
      1,
    ],
    ["a callback that uses a constant", "const k = 2; return [1, 2].map<u32>((x) => x * k)[1];", 4],
    ["a function in a local", "const f = (x: u32): u32 => x + 1; return f(1);", 2],
    ["reduce", "return [1, 2].reduce<u32>((a, x) => a + x, 3);", 6],
    ["templates, nested", "const n = 5; return `a${`b${n}`}`.length;", 3],
    [
      "rest parameters",
      "return va(1, 2, 3);",
      3,
      "function va(...xs: u32[]): u32 { return xs.length; }",
    ],
    ["defaults", "return d() + d(5);", 8, "function d(a: u32 = 3): u32 { return a; }"],
    ["enums", "return K.b + K.c;", 7, "enum K { a, b, c = 6 }"],
    [
      "namespaces",
      "return N.M.y + N.x();",
      3,
      "namespace N { export function x(): u32 { return 1; } export namespace M { export const y: u32 = 2; } }",
    ],
    [
      "accessors and statics",
      "const p = new P(); p.v = 3; return p.v + P.z;",
      7,
      "class P { private w: u32 = 0; static z: u32 = 4; get v(): u32 { return this.w; } set v(x: u32) { this.w = x; } }",
    ],
    [
      "abstract classes",
      "const a: A = new B(); return a.f();",
      3,
      "abstract class A { abstract f(): u32; } class B extends A { f(): u32 { return 3; } }",
    ],
    [
      "interfaces",
      "const a: A = new B(); return a.f() + a.g;",
      5,
      "interface A { f(): u32; g: u32; } class B implements A { g: u32 = 2; f(): u32 { return 3; } }",
    ],
    [
      "constraints",
      "return f(new P());",
      1,
      "class P { a: u32 = 1; } function f<T extends P>(p: T): u32 { return p.a; }",
    ],
    ["objects of a class", "const p: P = { a: 4 }; return p.a;", 4, "class P { a: u32 = 0; }"],
    [
      "falling through",
      "let r: u32 = 0; switch (2) { case 1: r += 1; case 2: r += 10; case 3: r += 100; break; default: r += 1000; } return r;",
      110,
    ],
    [
      "switch over text",
      'switch ("b") { case "a": return 1; case "b": return 2; default: return 3; }',
      2,
    ],
    [
      "text in UTF-16",
      'const s = "a名👩"; return s.length + (s.codePointAt(2) == 0x1f469 ? 10 : 0);',
      14,
    ],
    ["text compared by value", 'return "a" + "b" === "ab" ? 1 : 0;', 1],
    ["for…of over text", 'let n: u32 = 0; for (const c of "a名👩") n++; return n;', 3],
    [
      "for…of over keys and values",
      "const m = new Map<u32, u32>(); m.set(3, 4); let n: u32 = 0; for (const k of m.keys()) n += k; for (const v of m.values()) n += v; return n;",
      7,
    ],
    [
      "for…of over values of a set",
      "const s = new Set<u32>(); s.add(5); for (const x of s.values()) return x;",
      5,
    ],
    ["empty text is false", 'if ("") return 2;', 1],
    ["text or other text", 'const s = ""; return (s || "abc").length + (s && "abc").length;', 3],
    [
      "a loop while there is text",
      'let s = "ab"; let n = 0; while (s) { s = s.slice(1); n++; } return n;',
      2,
    ],
    [
      "text that may be null",
      'return f(null) + f("") * 10 + f("abc") * 100;',
      321,
      "function f(s: string | null): u32 { if (s && s.length > 0) return s.length; while (s) s = null; return s !== null ? 2 : 1; }",
    ],
    [
      "text that a call gives, or not",
      'return f("") ? 1 : f("xy") ? (f("n") ? 2 : 3) : 4;',
      3,
      'function f(s: string): string | null { return s == "n" ? null : s; }',
    ],
    ["a wide zero is false", "if (u128.Zero) return 2; return u128.One && !u128.Zero ? 3 : 4;", 3],
    ["an immediate call", "return ((a: u32): u32 => a * 2)(4);", 8],
  ];

describe("a contract", () => {
  it("means what it would in TypeScript", { timeout: 120_000 }, async () => {
    const before = working.map(
      ([, , , code = ""], at) =>
        `namespace n${at} { ${code.replace(/(^|\} )(function|class|abstract|enum|interface|namespace)/g, "$1export $2")} }`,
    );
    const methods = working.map(([, body, , code], at) => {
      const names = [
        ...(code ?? "").matchAll(/(?:function|class|enum|interface|namespace) (\w+)/g),
      ].map(([, name = ""]) => name);
      const inside = names.reduce(
        (text, name) =>
          text.replace(
            new RegExp(`(?<![\\w.])${name}(?=[.(;])|(?<=new |: )${name}\\b`, "g"),
            `n${at}.${name}`,
          ),
        body,
      );
      return `@query q${at}(): u32 { ${inside} return 1; }`;
    });
    const entry = join(directory, "works.ts");
    await writeFile(entry, `${IMPORTS}${before.join("\n")}\n${around(methods.join("\n"))}`);
    const guest = await Guest.build(entry);
    const found = working.map(([what], at) => [what, guest.query(`q${at}`).value]);
    expect(found).toEqual(working.map(([what, , value]) => [what, value]));
  });
});
