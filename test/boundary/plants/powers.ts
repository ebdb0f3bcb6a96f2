/**
 * Planted powers: packages, parts of Node and globals that a trusted layer may not have.
 *
 * @module
 */
import { GLOBALS, IMPORTS, NOT_FOUND, plant, type Plant } from "./plant.ts";

export const packages: readonly Plant[] = [
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
    "runtime/platform writes a file",
    "runtime/platform/planted-write.ts",
    'import { writeFileSync } from "node:fs";\nexport const write: unknown = writeFileSync;',
    { lint: IMPORTS },
  ),
  plant(
    "runtime/platform takes all of node:fs",
    "runtime/platform/planted-fs.ts",
    'import * as fs from "node:fs";\nexport const files: unknown = fs;',
    { lint: IMPORTS },
  ),
  plant(
    "runtime/platform takes node:fs/promises",
    "runtime/platform/planted-promises.ts",
    'import { readFile } from "node:fs/promises";\nexport const read: unknown = readFile;',
    { lint: IMPORTS },
  ),
  plant(
    "runtime/platform imports node:child_process",
    "runtime/platform/planted-child.ts",
    'import { spawn } from "node:child_process";\nexport const start: unknown = spawn;',
    { lint: IMPORTS },
  ),
];

export const powers: readonly Plant[] = [
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
