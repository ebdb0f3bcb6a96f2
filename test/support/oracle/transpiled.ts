/**
 * A component that jco has turned into a JavaScript module: another host's glue, for what we built ourselves.
 *
 * The module that comes out is run here and nowhere else; it is never made of what somebody uploaded.
 *
 * @module
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { transpileBytes } from "@bytecodealliance/jco-transpile";
import type { CallMode } from "#host/functions/environment.ts";
import type { World } from "#test/support/oracle/world.ts";

type Entry = (method: string, args: Uint8Array) => Uint8Array;
type Instantiate = (
  getCoreModule: (path: string) => WebAssembly.Module,
  imports: World,
) => Readonly<Record<CallMode, Entry>>;

export class Transpiled {
  readonly #instantiate: Instantiate;
  readonly #modules: ReadonlyMap<string, WebAssembly.Module>;

  private constructor(instantiate: Instantiate, modules: ReadonlyMap<string, WebAssembly.Module>) {
    this.#instantiate = instantiate;
    this.#modules = modules;
  }

  static async of(component: Uint8Array): Promise<Transpiled> {
    const { files } = await transpileBytes(component, {
      name: "contract",
      instantiation: "sync",
      emitTypescriptDeclarations: false,
    });
    const folder = mkdtempSync(join(tmpdir(), "hermetic-oracle-"));
    try {
      const modules = new Map<string, WebAssembly.Module>();
      let script = "";
      for (const [name, bytes] of Object.entries(files)) {
        if (name.endsWith(".wasm")) modules.set(name, new WebAssembly.Module(bytes.slice()));
        if (!name.endsWith(".js")) continue;
        script = join(folder, name.replace(/\.js$/, ".mjs"));
        mkdirSync(dirname(script), { recursive: true });
        writeFileSync(script, bytes);
      }
      const { instantiate } = (await import(pathToFileURL(script).href)) as {
        instantiate: Instantiate;
      };
      return new Transpiled(instantiate, modules);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  /** Calls an entry point of a fresh instance. What an import throws comes through. */
  call(mode: CallMode, method: string, args: Uint8Array, imports: World): Uint8Array {
    const load = (path: string): WebAssembly.Module => {
      const module = this.#modules.get(path);
      if (module === undefined) throw new Error(`jco asks for ${path}`);
      return module;
    };
    return this.#instantiate(load, imports)[mode](method, args);
  }
}
