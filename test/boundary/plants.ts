/**
 * The planted violations: one forbidden thing each, and the tool that must refuse it.
 *
 * @module
 */
import * as rules from "#test/tidy/rules.ts";

export interface Plant {
  readonly name: string;
  /** Where it is planted; every plant has a file of its own, so that each failure has one cause. */
  readonly path: string;
  readonly code: string;
  /** The compiler's code that must be reported for the file. */
  readonly tsc?: RegExp;
  /** The lint rule that must be reported for the file. */
  readonly lint?: RegExp;
  /** The tidy rule that must find a problem in the file. */
  readonly tidy?: rules.Rule;
}

const NOT_REFERENCED = /TS6307/;
const NOT_FOUND = /TS(2304|2591|2584|2580|2552|2307|2339)/;
const IMPORTS = /no-restricted-imports/;
const GLOBALS = /no-restricted-globals/;

/**
 * Clean files for the import plants to reach for. The compiler reports a foreign file once per
 * project, so every plant has a victim of its own, named after it.
 */
export const victims: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ...["value", "type", "dynamic", "import-type", "export"].map(
      (of) => `runtime/exec/victim-${of}`,
    ),
    ...["protocol", "client"].map((of) => `runtime/exec/victim-${of}`),
    ...["worker", "seal", "state", "parent"].map((of) => `host/vm/victim-${of}`),
    ...["functions"].map((of) => `worker/victim-${of}`),
    "worker/cli/victim-testing",
    ...["exec", "worker"].map((of) => `test/victim-${of}`),
  ].map((path) => [`${path}.ts`, "export const secret: number = 1;\nexport type Secret = number;"]),
);

const header = (what: string): string => `/**\n * ${what}.\n *\n * @module\n */\n`;

function plant(name: string, path: string, code: string, by: Partial<Plant>): Plant {
  return { name, path, code: `${header(name)}${code}\n`, ...by };
}

const imports: readonly Plant[] = [
  plant(
    "worker imports a value of runtime/exec",
    "worker/planted-value.ts",
    'import { secret } from "#exec/victim-value.ts";\nexport const stolen: number = secret;',
    { tsc: NOT_REFERENCED, lint: IMPORTS, tidy: rules.layerOrder },
  ),
  plant(
    "worker imports a type of runtime/exec",
    "worker/planted-type.ts",
    'import type { Secret } from "#exec/victim-type.ts";\nexport const stolen: Secret = 1;',
    { tsc: NOT_REFERENCED, lint: IMPORTS, tidy: rules.layerOrder },
  ),
  plant(
    "worker imports runtime/exec by a literal import()",
    "worker/planted-dynamic.ts",
    'export const stolen: Promise<unknown> = import("#exec/victim-dynamic.ts");',
    { tsc: NOT_REFERENCED, lint: IMPORTS, tidy: rules.layerOrder },
  ),
  plant(
    "worker names a type of runtime/exec in an import type",
    "worker/planted-import-type.ts",
    'export const stolen: import("#exec/victim-import-type.ts").Secret = 1;',
    { tsc: NOT_REFERENCED, tidy: rules.layerOrder },
  ),
  plant(
    "worker re-exports runtime/exec",
    "worker/planted-export.ts",
    'export { secret } from "#exec/victim-export.ts";',
    { tsc: NOT_REFERENCED, lint: IMPORTS, tidy: rules.layerOrder },
  ),
  plant(
    "worker imports the host",
    "worker/planted-host.ts",
    'import { secret } from "#host/vm/victim-worker.ts";\nexport const stolen: number = secret;',
    { tsc: NOT_REFERENCED, lint: IMPORTS, tidy: rules.layerOrder },
  ),
  plant(
    "worker/cli imports runtime/crypto, which its own imports may",
    "worker/cli/planted-crypto.ts",
    'import type { Primitives } from "#crypto/primitives.ts";\nexport type Stolen = Primitives;',
    { lint: IMPORTS, tidy: rules.layerOrder },
  ),
  plant(
    "worker imports by a computed import()",
    "worker/planted-computed.ts",
    'const where = ["#exec", "victim-value.ts"].join("/");\nexport const stolen: Promise<unknown> = import(where);',
    { tidy: rules.noComputedImport },
  ),
  plant(
    "runtime/protocol imports runtime/exec upwards",
    "runtime/protocol/planted-up.ts",
    'import { secret } from "#exec/victim-protocol.ts";\nexport const stolen: number = secret;',
    { tsc: NOT_REFERENCED, lint: IMPORTS, tidy: rules.layerOrder },
  ),
  plant(
    "runtime/seal imports the host upwards",
    "runtime/seal/planted-up.ts",
    'import { secret } from "#host/vm/victim-seal.ts";\nexport const stolen: number = secret;',
    { tsc: NOT_REFERENCED, lint: IMPORTS, tidy: rules.layerOrder },
  ),
  plant(
    "host/state imports host/vm upwards by a relative path",
    "host/state/planted-up.ts",
    'import { secret } from "../vm/victim-state.ts";\nexport const stolen: number = secret;',
    { tsc: NOT_REFERENCED, tidy: rules.layerOrder },
  ),
  plant(
    "host/functions imports the worker process",
    "host/functions/planted-worker.ts",
    'import { secret } from "#worker/victim-functions.ts";\nexport const taken: number = secret;',
    { tsc: NOT_REFERENCED, lint: IMPORTS, tidy: rules.noWayOut },
  ),
  plant(
    "sdk/client imports runtime/exec",
    "sdk/client/planted-exec.ts",
    'import { secret } from "#exec/victim-client.ts";\nexport const stolen: number = secret;',
    { tsc: NOT_REFERENCED, lint: IMPORTS, tidy: rules.layerOrder },
  ),
  plant(
    "sdk/client imports node:fs",
    "sdk/client/planted-node.ts",
    'import { readFileSync } from "node:fs";\nexport const read: unknown = readFileSync;',
    { tsc: NOT_FOUND, lint: IMPORTS },
  ),
  plant(
    "sdk/testing imports the worker process",
    "sdk/testing/planted-worker.ts",
    'import { secret } from "#worker/cli/victim-testing.ts";\nexport const taken: number = secret;',
    { tsc: NOT_REFERENCED, lint: IMPORTS },
  ),
  plant(
    "runtime/exec imports a test helper",
    "runtime/exec/planted-test.ts",
    'import { secret } from "#test/victim-exec.ts";\nexport const taken: number = secret;',
    { tsc: NOT_REFERENCED, lint: IMPORTS, tidy: rules.noWayOut },
  ),
  plant(
    "worker imports a test helper",
    "worker/planted-test.ts",
    'import { secret } from "#test/victim-worker.ts";\nexport const taken: number = secret;',
    { tsc: NOT_REFERENCED, lint: IMPORTS, tidy: rules.noWayOut },
  ),
  plant(
    "runtime/seal leaves its top folder by ../",
    "runtime/seal/planted-parent.ts",
    'import { secret } from "../../host/vm/victim-parent.ts";\nexport const stolen: number = secret;',
    { tsc: NOT_REFERENCED, lint: IMPORTS, tidy: rules.relativeStaysInside },
  ),
  plant(
    "worker leaves its top folder by ../",
    "worker/planted-parent.ts",
    'import { Fault } from "../runtime/protocol/fault.ts";\nexport const found: unknown = Fault;',
    { lint: IMPORTS, tidy: rules.relativeStaysInside },
  ),
];

const packages: readonly Plant[] = [
  plant(
    "host/vm imports node:fs",
    "host/vm/planted-node.ts",
    'import { readFileSync } from "node:fs";\nexport const read: unknown = readFileSync;',
    { tsc: NOT_FOUND, lint: IMPORTS },
  ),
  plant(
    "runtime/exec imports msgpackr, which only runtime/protocol may",
    "runtime/exec/planted-npm.ts",
    'import { pack } from "msgpackr";\nexport const packed: unknown = pack;',
    { lint: IMPORTS },
  ),
  plant(
    "runtime/crypto imports @noble outside its portable half",
    "runtime/crypto/planted-npm.ts",
    'import { sha256 } from "@noble/hashes/sha2.js";\nexport const hash: unknown = sha256;',
    { lint: IMPORTS },
  ),
  plant(
    "host/http re-exports a package",
    "host/http/planted-npm.ts",
    'export { Command } from "commander";',
    { lint: IMPORTS },
  ),
  plant(
    "runtime/platform imports node:fs, which is not on its list",
    "runtime/platform/planted-fs.ts",
    'import { readFileSync } from "node:fs";\nexport const read: unknown = readFileSync;',
    { lint: IMPORTS },
  ),
  plant(
    "runtime/platform imports node:child_process",
    "runtime/platform/planted-child.ts",
    'import { spawn } from "node:child_process";\nexport const start: unknown = spawn;',
    { lint: IMPORTS },
  ),
];

const powers: readonly Plant[] = [
  ["process", "process.env", NOT_FOUND],
  ["fetch", 'fetch("https://example.com")', NOT_FOUND],
  ["setTimeout", "setTimeout(() => 1, 1)", NOT_FOUND],
  ["performance", "performance.now()", NOT_FOUND],
  ["crypto", "crypto.randomUUID()", NOT_FOUND],
  ["console", 'console.log("secret")', NOT_FOUND],
  ["Buffer", 'Buffer.from("secret")', NOT_FOUND],
  ["globalThis", "globalThis", undefined],
  ["Date", "new Date()", undefined],
  ["Intl", "new Intl.NumberFormat()", undefined],
  ["WeakRef", "new WeakRef({})", undefined],
  ["Function", 'new Function("return 1")', undefined],
  ["eval", 'eval("1")', undefined],
].map(([name, expression, tsc]) =>
  plant(
    `runtime/exec uses ${String(name)}`,
    `runtime/exec/planted-power-${String(name)}.ts`,
    `export const power: unknown = ${String(expression)};`,
    { lint: GLOBALS, ...(tsc instanceof RegExp ? { tsc } : {}) },
  ),
);

const language: readonly Plant[] = [
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

export const plants: readonly Plant[] = [...imports, ...packages, ...powers, ...language];
