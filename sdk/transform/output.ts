/**
 * Writes the files of a built contract, each whole or not at all. A file that would not change is
 * left alone, so that watchers stay quiet.
 *
 * @module
 */
import { randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { ArtefactPaths, BuiltContract } from "./artefact.ts";
import { makeDirectory } from "./make-directory.ts";
import { OutputError } from "./output-error.ts";

/**
 * Files are named after the contract's file: `auction.ts` becomes `auction.wasm`.
 *
 * @throws {@link OutputError} where the system refuses; what was there before is still whole.
 */
export async function writeArtefact(
  contract: BuiltContract,
  outDir: string,
): Promise<ArtefactPaths> {
  try {
    makeDirectory(resolve(outDir));
  } catch (cause) {
    throw new OutputError(outDir, cause);
  }
  const base = join(resolve(outDir), basename(contract.entry, ".ts"));
  const paths = {
    wasm: `${base}.wasm`,
    map: `${base}.wasm.map`,
    abiTs: `${base}.abi.ts`,
    abiJson: `${base}.abi.json`,
  };
  const utf8 = new TextEncoder();
  await writeWhole(paths.wasm, contract.wasm);
  await writeWhole(paths.map, utf8.encode(contract.map));
  await writeWhole(paths.abiTs, utf8.encode(contract.abiTs));
  await writeWhole(paths.abiJson, utf8.encode(contract.abiJson));
  return paths;
}

async function writeWhole(path: string, content: Uint8Array): Promise<void> {
  const present = await readFile(path).catch(() => undefined);
  if (present?.equals(content)) return;
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(draft, content);
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => undefined); // what refused to write may refuse this too
    throw new OutputError(path, cause);
  }
}
