/**
 * Mistakes in what a contract declares of the outside world, and their places.
 *
 * @module
 */
import { around, refuses } from "#test/sdk/transform/mistakes/mistakes.ts";

/** A contract with a grant. */
const granting = (args: string): string => `@grant(${args})\n${around("")}`;

refuses([
  ["HRM3124", "a grant of nothing", granting(""), "@grant()"],
  ["HRM3124", "a grant of no origin", granting('"https://a.b/"'), '"https://a.b/"'],
  ["HRM3124", "a grant of a name", granting("ORIGIN"), "ORIGIN"],
  ["HRM3124", "a grant with a third argument", granting('"https://a.b", {}, 1'), "1)"],
  ["HRM3124", "a grant with options elsewhere", granting('"https://a.b", OPTIONS'), "OPTIONS"],
  ["HRM3124", "an unknown option", granting('"https://a.b", { method: "GET" }'), 'method: "GET"'],
  [
    "HRM3124",
    "an option twice",
    granting('"https://a.b", { perMinute: 1, perMinute: 2 }'),
    "perMinute: 2",
  ],
  ["HRM3124", "a method that is none", granting('"https://a.b", { methods: ["GO"] }'), '"GO"'],
  ["HRM3124", "no method at all", granting('"https://a.b", { methods: [] }'), "[]"],
  ["HRM3124", "a method twice", granting('"https://a.b", { methods: ["GET", "GET"] }'), '["GET'],
  ["HRM3124", "a header with a colon", granting('"https://a.b", { headers: ["x:"] }'), '"x:"'],
  ["HRM3124", "too many requests", granting('"https://a.b", { perMinute: 60_001 }'), "60_001"],
  ["HRM3124", "a negative size", granting('"https://a.b", { responseBytes: -1 }'), "-1"],
  ["HRM3124", "redirects of no kind", granting('"https://a.b", { redirects: "all" }'), '"all"'],
  ["HRM3124", "a pin that is none", granting('"https://a.b", { pins: ["ab"] }'), '"ab"'],
  [
    "HRM3124",
    "the seventeenth grant",
    `${Array.from({ length: 16 }, (_, i) => `@grant("https://a${i}.b")`).join("\n")}\n${granting('"https://last"')}`,
    '@grant("https://last")',
  ],
  [
    "HRM3121",
    "a grant of a class that is no contract",
    `@grant("https://a.b") class B {}\n${around("")}`,
    "@grant",
  ],
]);
