/**
 * What developers of JavaScript write by habit, and its places.
 *
 * @module
 */
import { around, query, refuses } from "#test/sdk/transform/mistakes/mistakes.ts";

refuses([
  ["HRM3007", "the type any", around("@command c(x: any): void {}"), "any)"],
  ["HRM3007", "fetch", query('const r = fetch("https://a.example");'), "fetch("],
  ["HRM3007", "JSON", query("const t = JSON.stringify(1);"), "JSON"],
  ["HRM3007", "a timer", query("setTimeout(() => {}, 5);"), "setTimeout"],
  [
    "HRM3101",
    "a contract that is the default export",
    "@contract export default class D { @query q(): void {} }",
    "D {",
  ],
  [
    "HRM3218",
    "a value that a record does not keep",
    `@data export class P { constructor(x: u32) {} }\n${around("")}`,
    "x: u32",
  ],
  ["HRM3315", "a tuple", around("@query q(): [u32, string] { return [1, 'a']; }"), "[u32"],
  ["HRM3315", "the type of an object", `type P = { x: u32 };\n${around("")}`, "{ x"],
  ["HRM3317", "new Date()", query("const d = new Date();"), "new Date"],
  ["HRM3325", "a wide integer's literal", query("let a: u128 = 0;"), "0; return"],
  [
    "HRM3325",
    "a wide integer and a number",
    around("@query q(x: u128): u128 { return x + 1; }"),
    "1; }",
  ],
  [
    "HRM3326",
    "a number behind a text",
    around("@query q(x: u32): string { return 'a' + x; }"),
    "x; }",
  ],
  [
    "HRM3327",
    "a collection with brackets",
    around('m!: Mapping<string, u32>; @command c(): void { this.m["x"] = 1; }'),
    'this.m["x"]',
  ],
  [
    "HRM3327",
    "the size of a collection",
    around("m!: Mapping<string, u32>; @query q(): i32 { return this.m.size; }"),
    "size;",
  ],
]);
