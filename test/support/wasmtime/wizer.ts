/**
 * Wasmtime, as the npm registry has it: inside Wizer, which runs one function of a module and writes down
 * what memory and globals hold afterwards.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** The export that Wizer runs; `_initialize`, if there is one, it would run before that. */
export const RUN_EXPORT = "wizer-initialize";

const BINARY = `@bytecodealliance/wizer-${process.platform}-${process.arch}`;

/** The native binary; undefined where there is none for this machine, or where npm left it out. */
export const wizer: string | undefined = findBinary();

function findBinary(): string | undefined {
  try {
    const file = createRequire(import.meta.url).resolve(`${BINARY}/package.json`);
    const binary = join(dirname(file), process.platform === "win32" ? "wizer.exe" : "wizer");
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}

/**
 * After the run: the exports of the module as it was left; why it trapped, in Wasmtime's words; or which
 * instruction Wizer does not take, though Wasmtime would.
 */
export type Snapshot =
  | { readonly exports: WebAssembly.Exports }
  | { readonly trap: string }
  | { readonly unsupported: string };

/** @throws Error if Wizer failed for another reason than a trap. */
export function runInWasmtime(module: Uint8Array): Snapshot {
  if (process.env["DBG"]) {
    const m = new WebAssembly.Module(module as never);
    const x = new WebAssembly.Instance(m, {}).exports as never as Record<string, () => void>;
    try {
      x["wizer-initialize"]!();
      console.log("V8 fine");
    } catch (e) {
      console.log((e as Error).stack);
    }
  }
  if (wizer === undefined) throw new Error("there is no Wizer for this machine");
  const folder = mkdtempSync(join(tmpdir(), "hermetic-wasmtime-"));
  try {
    const [input, output] = [join(folder, "in.wasm"), join(folder, "out.wasm")];
    writeFileSync(input, module);
    const { status, stderr } = spawnSync(wizer, [input, "-o", output], { encoding: "utf8" });
    if (status === 0) {
      const left = Uint8Array.from(readFileSync(output));
      return { exports: new WebAssembly.Instance(new WebAssembly.Module(left)).exports };
    }
    const unsupported = /unsupported `(.*)` instruction/.exec(stderr)?.[1];
    if (unsupported !== undefined) return { unsupported };
    const trap = /wasm trap: (.*)/.exec(stderr)?.[1];
    if (process.env["DBG"]) console.log(stderr);
    if (trap === undefined) throw new Error(stderr);
    return { trap };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
