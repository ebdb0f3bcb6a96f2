/**
 * Writes the files of `.hermetic`: what the editor and the compiler know of `contract:NAME`.
 *
 * A file that would not change is left alone: writing one below the root starts the watcher again.
 *
 * @module
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { BuiltContract } from "#sdk/transform/index.ts";
import { SETUP_TEXT } from "#sdk/testing/vitest/setup.ts";

const FOLDER = ".hermetic";
const INDEX = "contracts.d.ts";
const ENDING = ".d.ts";

/** A contract that no test has imported yet has a type that says little. */
const ANY_CONTRACT = `declare module "contract:*" {
  const artefact: import("hermetic/testing").BuiltArtefact;
  export default artefact;
}
`;

/** Writes the declaration of a contract, and the index that names them all. */
export function declareContract(root: string, name: string, contract: BuiltContract): void {
  writeIfChanged(join(root, FOLDER, "contracts", `${name}${ENDING}`), declaration(name, contract));
  declareAny(root);
}

/** Writes the index, so that imports have a type before the first contract is built. */
export function declareAny(root: string): void {
  const folder = join(root, FOLDER, "contracts");
  mkdirSync(folder, { recursive: true });
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(ENDING))
    .toSorted();
  const references = files.map((file) => `/// <reference path="./contracts/${file}" />\n`);
  writeIfChanged(join(root, FOLDER, INDEX), references.join("") + ANY_CONTRACT);
}

/** JSON is a type as well as a value, with every literal in it. */
function declaration(name: string, { abi, name: contract }: BuiltContract): string {
  return `declare module ${JSON.stringify(`contract:${name}`)} {
  const artefact: {
    readonly name: ${JSON.stringify(contract)};
    readonly wasm: Uint8Array;
    readonly abi: ${JSON.stringify(abi)};
    readonly codeHash: string;
    readonly map: string;
    readonly file: string;
  };
  export default artefact;
}
`;
}

/** Writes the setup file that the plugin adds. @returns Its path. */
export function writeSetup(root: string): string {
  const file = join(root, FOLDER, "setup.js");
  writeIfChanged(file, SETUP_TEXT);
  return file;
}

function writeIfChanged(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  if (readText(file) !== text) writeFileSync(file, text);
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
