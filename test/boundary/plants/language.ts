/**
 * Planted habits: what the language allows and the project does not.
 *
 * @module
 */
import { GLOBALS, plant, type Plant } from "./plant.ts";
import * as rules from "#test/tidy/rules.ts";

export const language: readonly Plant[] = [
  plant(
    "host/vm uses Math.random",
    "host/vm/planted-random.ts",
    "export const chance: number = Math.random();",
    { lint: /no-restricted-properties/ },
  ),
  plant(
    "host/vm sorts by locale",
    "host/vm/planted-locale.ts",
    'export const order: number = "a".localeCompare("b");',
    { lint: /no-restricted-properties/ },
  ),
  plant(
    "runtime/platform fetches",
    "runtime/platform/planted-fetch.ts",
    'export const page: unknown = fetch("https://example.com");',
    { lint: GLOBALS },
  ),
  plant(
    "runtime/session has an enum",
    "runtime/session/planted-enum.ts",
    "export enum Mode {\n  Command,\n}",
    { tsc: /TS1294/ },
  ),
  plant(
    "worker drops a promise",
    "worker/planted-floating.ts",
    "async function work(): Promise<void> {}\nexport function start(): void {\n  work();\n}",
    { lint: /no-floating-promises/ },
  ),
  plant(
    "runtime/exec drops a promise",
    "runtime/exec/planted-floating.ts",
    "async function work(): Promise<void> {}\nexport function start(): void {\n  work();\n}",
    { lint: /no-floating-promises/ },
  ),
  plant(
    "host/vm forgets a case",
    "host/vm/planted-switch.ts",
    'export function cost(kind: "a" | "b"): number {\n  switch (kind) {\n    case "a":\n      return 1;\n  }\n  return 0;\n}',
    { lint: /switch-exhaustiveness-check/ },
  ),
  plant(
    "host/vm throws a string",
    "host/vm/planted-throw.ts",
    'export function fail(): never {\n  throw "x";\n}',
    { lint: /only-throw-error/ },
  ),
  plant(
    "worker takes an element for granted",
    "worker/planted-index.ts",
    "export function first(list: readonly string[]): string {\n  return list[0];\n}",
    { tsc: /TS2322/ },
  ),
  plant("worker says any", "worker/planted-any.ts", "export const anything = {} as any;", {
    lint: /no-explicit-any/,
    tidy: rules.noLeftovers,
  }),
  plant(
    "host/vm has a cycle",
    "host/vm/planted-cycle.ts",
    'export { two } from "./planted-cycle-2.ts";\nexport const one: number = 1;',
    { lint: /no-cycle/ },
  ),
  plant(
    "host/vm has the other half of the cycle",
    "host/vm/planted-cycle-2.ts",
    'export { one } from "./planted-cycle.ts";\nexport const two: number = 2;',
    { lint: /no-cycle/ },
  ),
  plant(
    "runtime/seal has a file of more than 400 lines",
    "runtime/seal/planted-long.ts",
    Array.from({ length: 401 }, (_, line) => `export const line${line}: number = ${line};`).join(
      "\n",
    ),
    { lint: /max-lines\b/, tidy: rules.size },
  ),
  plant(
    "runtime/seal has a function of more than 70 lines",
    "runtime/seal/planted-function.ts",
    `export function long(list: number[]): void {\n${"  list.push(1);\n".repeat(71)}}`,
    { lint: /max-lines-per-function/ },
  ),
  {
    name: "runtime/seal has a file without a header",
    path: "runtime/seal/planted-header.ts",
    code: "export const bare: number = 1;\n",
    tidy: rules.header,
  },
];
