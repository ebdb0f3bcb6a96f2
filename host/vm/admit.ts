/**
 * Admission: from an uploaded component to a metered, compiled module, or a fault that says why not.
 *
 * Nothing of a contract is compiled, let alone run, before every rule here has passed. The order
 * matters: structure and opcodes by our own decoder, types by the engine on the original bytes, and
 * only then instrumentation, which may rely on both.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { MEMORY_PAGES_MAX } from "#protocol/limits.ts";
import { parseComponent } from "#host/vm/component.ts";
import { Body } from "#host/vm/decode/body.ts";
import { exportKind, type CoreModule } from "#host/vm/decode/module.ts";
import { decodeModule } from "#host/vm/decode/sections.ts";
import { signatureOf } from "#host/vm/decode/signature.ts";
import { MemoryPool } from "#host/vm/memory-pool.ts";
import { meter } from "#host/vm/meter/meter.ts";
import type { OffsetMap } from "#host/vm/meter/offsets.ts";
import { instanceGas, METER_VERSION } from "#host/vm/meter/prices.ts";
import {
  MEMORY_EXPORT,
  optionalExports,
  requiredExports,
  worldImports,
  type Signature,
  type WorldImportKey,
} from "#host/vm/world.ts";

export interface AdmittedModule {
  /** The metered module, compiled. */
  readonly module: WebAssembly.Module;
  /** Host functions it imports, in the order of its import section. */
  readonly imports: readonly WorldImportKey[];
  /** Memories for its instances. */
  readonly memories: MemoryPool;
  readonly usesHttp: boolean;
  /** Bytes of the metered module. */
  readonly codeBytes: number;
  /** Part of the key of whatever keeps this module: another version may cost other gas. */
  readonly meterVersion: number;
  /** Gas each call pays before its first instruction. */
  readonly instanceGas: number;
  /** From metered back to original code offsets, if it was asked for. */
  readonly offsets: OffsetMap | undefined;
}

export interface AdmitOptions {
  /** Keep what stack traces need. */
  readonly offsetMap?: boolean;
}

/** Exports that survive metering: what the host calls, and nothing else. */
const KEPT_EXPORTS = [MEMORY_EXPORT, ...Object.keys(requiredExports), "_initialize"];

/**
 * Admits an uploaded component.
 *
 * @param memoryPagesMax - Pages (64 KiB) the contract's memory may reach; a smaller maximum of its own stands.
 * @throws {@link Fault} `COMPONENT_MALFORMED` or `MODULE_TOO_LARGE` if no core module can be taken out of it.
 * @throws {@link Fault} `MODULE_…` as documented at {@link admitCore}.
 */
export function admit(
  untrustedComponent: Uint8Array,
  memoryPagesMax: number = MEMORY_PAGES_MAX,
  options: AdmitOptions = {},
): AdmittedModule {
  return admitCore(parseComponent(untrustedComponent).core, memoryPagesMax, options);
}

/**
 * Admits a bare core module.
 *
 * @throws {@link Fault} `MODULE_MALFORMED`, `MODULE_LIMIT`, `MODULE_OPCODE`, `MODULE_IMPORT`,
 * `MODULE_START`, `MODULE_TABLE` or `MODULE_MEMORY` for what the decoder refuses.
 * @throws {@link Fault} `MODULE_EXPORT` if a required export is missing or ill-typed.
 * @throws {@link Fault} `MODULE_INVALID` if the engine finds a type error.
 */
export function admitCore(
  untrustedCore: Uint8Array,
  memoryPagesMax: number = MEMORY_PAGES_MAX,
  options: AdmitOptions = {},
): AdmittedModule {
  const module = decodeModule(untrustedCore, worldImports, memoryPagesMax);
  checkExports(module);
  checkBodies(module);
  if (!WebAssembly.validate(untrustedCore)) throw new Fault("MODULE_INVALID");
  const offsetMap = options.offsetMap ?? false;
  const metered = meter(module, { exports: KEPT_EXPORTS, memoryPagesMax, offsetMap });
  return {
    module: compile(metered.bytes),
    imports: module.imports,
    memories: new MemoryPool(module.memoryPages, metered.memoryPagesMax),
    usesHttp: module.imports.includes("http.fetch"),
    codeBytes: metered.bytes.length,
    meterVersion: METER_VERSION,
    instanceGas: instanceGas(module.memoryPages, module.dataBytes),
    offsets: metered.offsets,
  };
}

function compile(metered: Uint8Array): WebAssembly.Module {
  try {
    return new WebAssembly.Module(metered);
  } catch (error) {
    if (error instanceof WebAssembly.CompileError)
      throw new Fault("MODULE_INVALID", { metered: 1 });
    throw error;
  }
}

function checkBodies(module: CoreModule): void {
  const body = new Body();
  for (const span of module.bodies) body.decode(module.open(span));
}

function checkExports(module: CoreModule): void {
  const memory = module.exports.get(MEMORY_EXPORT);
  if (memory?.kind !== exportKind.memory) throw new Fault("MODULE_EXPORT", { index: 0 });
  let index = 1;
  for (const [name, signature] of Object.entries(requiredExports)) {
    if (!exportsFunction(module, name, signature)) throw new Fault("MODULE_EXPORT", { index });
    index++;
  }
  for (const [name, signature] of Object.entries(optionalExports)) {
    const present = module.exports.has(name);
    if (present && !exportsFunction(module, name, signature))
      throw new Fault("MODULE_EXPORT", { index });
    index++;
  }
}

/** Whether `name` is a function of the module's own with exactly this signature. */
function exportsFunction(module: CoreModule, name: string, expected: Signature): boolean {
  const item = module.exports.get(name);
  if (item?.kind !== exportKind.function || item.index < module.importedFunctions) return false;
  const type = module.functionTypes[item.index];
  const actual = type === undefined ? undefined : signatureOf(module.types[type]);
  return actual?.params === expected.params && actual.results === expected.results;
}
