/**
 * The instances of one script: linked to each other and to a `spectest` host, each with gas of its own.
 *
 * @module
 */
import { STACK_BYTES_MAX } from "#protocol/limits.ts";
import type { FunctionType } from "#host/vm/decode/module.ts";
import { GAS_EXPORT, STACK_EXPORT } from "#host/vm/meter/counters.ts";
import { MEMORY_IMPORT } from "#host/vm/meter/meter.ts";
import { START_EXPORT, type OpenModule } from "#test/conformance/open-module.ts";

const GAS = 2n ** 62n;

export class SpecInstance {
  readonly module: OpenModule;
  readonly exports: WebAssembly.Exports;

  constructor(module: OpenModule, exports: WebAssembly.Exports) {
    this.module = module;
    this.exports = exports;
  }

  /** The type of an exported function; undefined if there is none of the name. */
  typeOf(field: string): FunctionType | undefined {
    const { exports, functionTypes, types } = this.module.decoded;
    const item = exports.get(Buffer.from(field, "utf8").toString("latin1"));
    return item?.kind === 0 ? types[functionTypes[item.index] ?? -1] : undefined;
  }

  /** Gas for any test, and a whole stack. */
  refill(): void {
    (this.exports[GAS_EXPORT] as WebAssembly.Global).value = GAS;
    (this.exports[STACK_EXPORT] as WebAssembly.Global).value = STACK_BYTES_MAX;
  }

  /** Which of its limits the instance met; undefined if none. */
  get limit(): "gas" | "stack" | undefined {
    if (((this.exports[STACK_EXPORT] as WebAssembly.Global).value as number) < 0) return "stack";
    return ((this.exports[GAS_EXPORT] as WebAssembly.Global).value as bigint) < 0n
      ? "gas"
      : undefined;
  }
}

export class Instances {
  readonly all: SpecInstance[] = [];
  readonly #imports: WebAssembly.Imports = { spectest: spectest() };

  /** Links, instantiates and starts. What the engine throws comes through. */
  instantiate(module: OpenModule): SpecInstance {
    const { ownsMemory, memoryPages } = module.decoded;
    const imports: WebAssembly.Imports = { ...this.#imports };
    if (ownsMemory) {
      const memory = { initial: memoryPages, maximum: module.memoryPagesMax };
      imports[MEMORY_IMPORT.module] = { [MEMORY_IMPORT.name]: new WebAssembly.Memory(memory) };
    }
    const { exports } = new WebAssembly.Instance(module.metered, imports);
    const instance = new SpecInstance(module, exports);
    this.all.push(instance);
    this.refill();
    (exports[START_EXPORT] as (() => void) | undefined)?.();
    return instance;
  }

  /** What a module imports from `spectest` that is not there; undefined if nothing. */
  missing(module: OpenModule): string | undefined {
    const host = this.#imports["spectest"] ?? {};
    const wanted = WebAssembly.Module.imports(module.metered);
    return wanted.find((item) => item.module === "spectest" && !(item.name in host))?.name;
  }

  /** Exports of a module that the engine runs as it is, linked to the same others. */
  outsider(module: WebAssembly.Module): WebAssembly.Exports {
    return new WebAssembly.Instance(module, this.#imports).exports;
  }

  register(name: string, exports: WebAssembly.Exports): void {
    const shown = Object.entries(exports).filter(([key]) => !key.startsWith("hermetic:"));
    this.#imports[name] = Object.fromEntries(shown);
  }

  refill(): void {
    for (const instance of this.all) instance.refill();
  }
}

function spectest(): WebAssembly.ModuleImports {
  const print = (): void => {};
  const global = (
    value: "i32" | "i64" | "f32" | "f64",
    initial: number | bigint,
  ): WebAssembly.Global => new WebAssembly.Global({ value, mutable: false }, initial);
  return {
    ...{ print, print_i32: print, print_i64: print, print_f32: print, print_f64: print },
    ...{ print_i32_f32: print, print_f64_f64: print },
    ...{ global_i32: global("i32", 666), global_i64: global("i64", 666n) },
    ...{ global_f32: global("f32", 666.6), global_f64: global("f64", 666.6) },
    table: new WebAssembly.Table({ initial: 10, maximum: 20, element: "anyfunc" }),
    memory: new WebAssembly.Memory({ initial: 1, maximum: 2 }),
  };
}
