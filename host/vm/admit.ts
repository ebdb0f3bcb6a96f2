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
import type { HttpGrant } from "#protocol/http-grant.ts";
import { MEMORY_PAGES_MAX } from "#protocol/limits.ts";
import { parseComponent } from "#host/vm/component.ts";
import { exportKind, section, type CoreModule } from "#host/vm/decode/module.ts";
import { decodeModule } from "#host/vm/decode/sections.ts";
import { signatureOf } from "#host/vm/decode/signature.ts";
import { MemoryPool } from "#host/vm/memory-pool.ts";
import { meter } from "#host/vm/meter/meter.ts";
import type { OffsetMap, Offsets } from "#host/vm/meter/offsets.ts";
import { instanceGas, METER_VERSION } from "#host/vm/meter/prices.ts";
import {
  MEMORY_EXPORT,
  optionalExports,
  requiredExports,
  waitingImports,
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
  /** Whether a call of it may come to wait: for its own HTTP, or for a contract's that it calls. */
  readonly mayWait: boolean;
  /** Whether its calls are suspended at the end of a slice, and may wait; others run to their end. */
  readonly isResumable: boolean;
  /** Whether an instance can serve one call after another: see {@link Instance.restore}. */
  readonly isRestorable: boolean;
  /** Methods that may be called while another call of the contract has not returned. */
  readonly reentrant: ReadonlySet<string>;
  /** What it may ask of the outside world. */
  readonly httpGrants: readonly HttpGrant[];
  /** Bytes of stack that a call takes besides what its recursive functions take from the budget. */
  readonly staticStackBytes: number;
  /** Whether it has something to do at an upgrade. */
  readonly migrates: boolean;
  /** Bytes of the uploaded core module. */
  readonly coreBytes: number;
  /** Bytes of the metered module. */
  readonly codeBytes: number;
  /** Part of the key of whatever keeps this module: another version may cost other gas. */
  readonly meterVersion: number;
  /** Gas each call pays before its first instruction. */
  readonly instanceGas: number;
  /** From metered back to original code offsets, if it was asked for. */
  readonly offsets: Offsets | undefined;
}

/** A module that does the same, and shows how; for test kits. */
export interface Instrumented {
  readonly core: Uint8Array;
  /** From its offsets to those of the module that it was made of. */
  readonly offsets: OffsetMap;
}

export interface AdmitOptions {
  /** Makes what is metered in the place of the module that was uploaded; no worker has this. */
  readonly instrument?: ((module: CoreModule) => Instrumented | undefined) | undefined;
  /** Methods that the component marks as re-entrant. */
  readonly reentrant?: readonly string[];
  /** What the component declares that it asks of the outside world. */
  readonly httpGrants?: readonly HttpGrant[];
  /** Keep what stack traces need. */
  readonly offsetMap?: boolean;
  /** Whether calls of it can be suspended. */
  readonly isResumable?: boolean;
}

/** Exports that survive metering: what the host calls, and nothing else. */
const KEPT_EXPORTS = [MEMORY_EXPORT, ...Object.keys(requiredExports), "_initialize", "migrate"];

/**
 * Admits an uploaded component.
 *
 * @param memoryPagesMax - Pages (64 KiB) the contract's memory may reach; a smaller maximum of its own stands.
 * @throws {@link Fault} `COMPONENT_MALFORMED` or `MODULE_TOO_LARGE` if no core module can be taken out of it.
 * @throws {@link Fault} `COMPONENT_GRANTS` if what it declares of the outside world is malformed.
 * @throws {@link Fault} `MODULE_…` as documented at {@link admitCore}.
 */
export function admit(
  untrustedComponent: Uint8Array,
  memoryPagesMax: number = MEMORY_PAGES_MAX,
  options: AdmitOptions = {},
): AdmittedModule {
  const { core, coreOffset, reentrant, httpGrants } = parseComponent(untrustedComponent);
  return admitCore(core, memoryPagesMax, { ...options, reentrant, httpGrants }, coreOffset);
}

/**
 * Admits a bare core module.
 *
 * @param base - Where it begins in the uploaded file, for the offsets in faults.
 * @throws {@link Fault} `MODULE_MALFORMED`, `MODULE_LIMIT`, `MODULE_OPCODE`, `MODULE_IMPORT`,
 * `MODULE_START`, `MODULE_TABLE` or `MODULE_MEMORY` for what the decoder refuses.
 * @throws {@link Fault} `MODULE_EXPORT` if a required export is missing or ill-typed.
 * @throws {@link Fault} `MODULE_INVALID` if the engine finds a type error.
 */
export function admitCore(
  untrustedCore: Uint8Array,
  memoryPagesMax: number = MEMORY_PAGES_MAX,
  options: AdmitOptions = {},
  base = 0,
): AdmittedModule {
  const module = decodeModule(untrustedCore, worldImports, memoryPagesMax, base);
  checkExports(module, base);
  checkTypes(untrustedCore, base);
  const offsetMap = options.offsetMap ?? false;
  const isResumable = options.isResumable ?? false;
  const instrumented = options.instrument?.(module);
  const code =
    instrumented === undefined
      ? module
      : decodeModule(instrumented.core, worldImports, memoryPagesMax, 0);
  const metered = meter(code, { exports: KEPT_EXPORTS, memoryPagesMax, offsetMap, isResumable });
  return {
    module: compile(metered.bytes),
    imports: module.imports,
    memories: new MemoryPool(module.memoryPages, metered.memoryPagesMax, module.dataEnd),
    migrates: module.exports.has("migrate"),
    isResumable,
    isRestorable: metered.isRestorable,
    mayWait: module.imports.some((key) => waitingImports.has(key)),
    reentrant: new Set(options.reentrant),
    httpGrants: options.httpGrants ?? [],
    staticStackBytes: metered.staticStackBytes,
    coreBytes: untrustedCore.length,
    codeBytes: metered.bytes.length,
    meterVersion: METER_VERSION,
    instanceGas: instanceGas(module),
    offsets: through(metered.offsets, instrumented?.offsets),
  };
}

/** From metered code to what it was made of, and to what that was made of. */
function through(metered: OffsetMap | undefined, made: OffsetMap | undefined): Offsets | undefined {
  if (metered === undefined || made === undefined) return metered;
  return {
    original: (offset) => {
      const between = metered.original(offset);
      return between === undefined ? undefined : made.original(between);
    },
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

/**
 * Lets the engine check the types.
 *
 * @throws {@link Fault} `MODULE_INVALID` with what the engine says of the place. Such a fault is told to
 * whoever uploads and never becomes part of the log: engines need not agree on it.
 */
function checkTypes(untrustedCore: Uint8Array, base: number): void {
  if (WebAssembly.validate(untrustedCore)) return;
  let message = "";
  try {
    new WebAssembly.Module(untrustedCore);
  } catch (error) {
    if (error instanceof Error) ({ message } = error);
  }
  const place = /@\+(\d+)/.exec(message)?.[1];
  const index = /Compiling function #(\d+)/.exec(message)?.[1];
  throw new Fault("MODULE_INVALID", {
    ...(place === undefined ? {} : { offset: base + Number(place) }),
    ...(index === undefined ? {} : { section: section.code, index: Number(index) }),
  });
}

/** Checks what must be exported and what may be: `missing` counts in the order of the world. */
function checkExports(module: CoreModule, base: number): void {
  const offset = base + (module.sections.get(section.export)?.start ?? module.bytes.length);
  const where = { offset, section: section.export };
  const memory = module.exports.get(MEMORY_EXPORT);
  if (memory?.kind !== exportKind.memory)
    throw new Fault("MODULE_EXPORT", { ...where, missing: 0 });
  let missing = 1;
  for (const [name, signature] of Object.entries(requiredExports)) {
    if (!module.exports.has(name)) throw new Fault("MODULE_EXPORT", { ...where, missing });
    checkFunction(module, name, signature, base);
    missing++;
  }
  for (const [name, signature] of Object.entries(optionalExports)) {
    if (module.exports.has(name)) checkFunction(module, name, signature, base);
  }
}

/** Refuses an export that is no function of the module's own with exactly this signature. */
function checkFunction(module: CoreModule, name: string, expected: Signature, base: number): void {
  const item = module.exports.get(name);
  const isOwn = item?.kind === exportKind.function && item.index >= module.importedFunctions;
  const actual = isOwn
    ? signatureOf(module.types[module.functionTypes[item.index] ?? -1])
    : undefined;
  if (actual?.params === expected.params && actual.results === expected.results) return;
  const index = [...module.exports.keys()].indexOf(name);
  const offset = base + (item?.offset ?? 0);
  throw new Fault("MODULE_EXPORT", { offset, section: section.export, index });
}
