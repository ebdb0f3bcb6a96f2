/**
 * Compiles kernels in AssemblyScript in this process; nothing is written to disk.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import asc from "assemblyscript/asc";

const FIXTURES = join(import.meta.dirname, "..", "host", "vm", "fixtures");
const ENTRY = "contract.ts";
/** What the entry imports, whichever kernel that is. */
const KERNEL = "kernel.ts";

/** Compiles a contract around one of the VM's kernels to a core module. */
export async function compileKernel(name: string): Promise<Uint8Array> {
  const output = new Map<string, Uint8Array | string>();
  const options = ["--runtime", "stub", "-O3", "--exportStart", "_initialize"];
  const messages: string[] = [];
  const { error } = await asc.main(
    [ENTRY, "--outFile", "out.wasm", "--use", "abort=contract/abort", ...options],
    {
      readFile: (file: string) => {
        try {
          return readFileSync(
            join(FIXTURES, file === KERNEL ? `kernels/${name}.ts` : file),
            "utf8",
          );
        } catch {
          return null; // asc asks for many names that need not exist
        }
      },
      writeFile: (file: string, contents: Uint8Array | string) => {
        output.set(file, contents);
      },
      listFiles: () => [],
      stderr: { write: (text: string | Uint8Array) => void messages.push(String(text)) },
    },
  );
  const wasm = output.get("out.wasm");
  if (error !== null || !(wasm instanceof Uint8Array)) throw new Error(messages.join(""));
  return wasm;
}
