/**
 * Writes the files of a built contract, each whole or not at all. A file that would not change is
 * left alone, so that watchers stay quiet.
 *
 * @module
 */
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { ArtefactPaths, BuiltContract } from "./artefact.ts";

/** Files are named after the contract's file: `auction.ts` becomes `auction.wasm`. */
export async function writeArtefact(
  contract: BuiltContract,
  outDir: string,
): Promise<ArtefactPaths> {
  await mkdir(outDir, { recursive: true });
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
  await writeFile(draft, content);
  await rename(draft, path);
}
