/**
 * Compiles AssemblyScript test contracts in this process; nothing is written to disk.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import asc from "assemblyscript/asc";

const FIXTURES = join(import.meta.dirname, "..", "host", "vm", "fixtures");

/** Compiles a file below the VM's fixtures to a core module. */
export async function compileAssembly(path: string): Promise<Uint8Array> {
  const output = new Map<string, Uint8Array | string>();
  const options = ["--runtime", "stub", "-O3", "--exportStart", "_initialize"];
  const messages: string[] = [];
  const { error } = await asc.main(
    [path, "--outFile", "out.wasm", "--use", "abort=contract/abort", ...options],
    {
      readFile: (name: string) => {
        try {
          return readFileSync(join(FIXTURES, name), "utf8");
        } catch {
          return null; // asc asks for many names that need not exist
        }
      },
      writeFile: (name: string, contents: Uint8Array | string) => {
        output.set(name, contents);
      },
      listFiles: () => [],
      stderr: { write: (text: string | Uint8Array) => void messages.push(String(text)) },
    },
  );
  const wasm = output.get("out.wasm");
  if (error !== null || !(wasm instanceof Uint8Array)) throw new Error(messages.join(""));
  return wasm;
}
