/**
 * From the name in `contract:NAME` to the file of that contract.
 *
 * @module
 */
import { globSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { kitError } from "#sdk/testing/errors/kit-error.ts";

const SKIPPED = /\.(d|test|abi)\.ts$|(^|[/\\])node_modules[/\\]/;
/** Other decorators may stand between, with braces in their arguments. */
const CONTRACT = /^\s*@contract\b(?:\([^)]*\)|[^({])*?\bclass\s+(\w+)/m;

/**
 * The absolute path of a contract's file.
 *
 * @param name - The file's base name, or the contract's class in kebab case.
 * @param places - Folders to search, or globs of contract files, from `root`.
 * @throws {@link HermeticError} `CONTRACT_NOT_FOUND` or `CONTRACT_AMBIGUOUS`.
 */
export function findContract(name: string, root: string, places: readonly string[]): string {
  const contracts = contractsIn(root, places);
  const byFile = contracts.filter(({ file }) => basename(file, ".ts") === name);
  const found = byFile.length > 0 ? byFile : contracts.filter((each) => kebab(each.name) === name);
  const [contract, ...others] = found;
  if (contract === undefined) {
    const known = contracts.map(({ file }) => basename(file, ".ts")).join(", ") || "none";
    const where = places.map((place) => resolve(root, place)).join(", ");
    throw kitError("CONTRACT_NOT_FOUND", `contract:${name} in ${where}; there is ${known}`);
  }
  if (others.length > 0) {
    const files = found.map(({ file }) => file).join(", ");
    throw kitError("CONTRACT_AMBIGUOUS", `contract:${name} is ${files}`);
  }
  return contract.file;
}

/** Where a contract may come to be that is not there yet. */
export function possibleFiles(name: string, root: string, places: readonly string[]): string[] {
  const folders = places.filter((place) => !/\*|\.ts$/.test(place));
  return folders.map((folder) => resolve(root, folder, `${name}.ts`));
}

interface ContractFile {
  /** Absolute path. */
  readonly file: string;
  /** The contract's class. */
  readonly name: string;
}

/** Every contract in the given places, in one order on every machine. */
export function contractsIn(root: string, places: readonly string[]): readonly ContractFile[] {
  const patterns = places.map((place) => (/\*|\.ts$/.test(place) ? place : `${place}/**/*.ts`));
  const files = new Set(patterns.flatMap((pattern) => globSync(pattern, { cwd: root })));
  return [...files].toSorted().flatMap((path) => {
    if (SKIPPED.test(path)) return [];
    const file = join(root, path);
    const name = CONTRACT.exec(readFileSync(file, "utf8"))?.[1];
    return name === undefined ? [] : [{ file, name }];
  });
}

/** `PriceOracle` becomes `price-oracle`. */
function kebab(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, "-").toLowerCase();
}
