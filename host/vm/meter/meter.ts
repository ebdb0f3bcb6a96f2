/**
 * Rewrites an admitted module so that gas, stack, memory and float bits are under the host's rule.
 *
 * The folder is one strategy behind this function: exact per-instruction gas in a global counter, paid
 * ahead only as far as every way on costs it. Gas is a property of the uploaded bytes and of METER_VERSION.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { MODULE_METERED_BYTES_MAX, STACK_BYTES_MAX } from "#protocol/limits.ts";
import { Body, NO_BLOCK_TYPE } from "#host/vm/decode/body.ts";
import {
  definedType,
  exportKind,
  section,
  type CoreModule,
  type FunctionType,
  type Span,
} from "#host/vm/decode/module.ts";
import { EMPTY_BLOCK, FUNCTION_TYPE, op } from "#host/vm/decode/opcodes.ts";
import { Charges } from "#host/vm/meter/charges.ts";
import { GAS_EXPORT, STACK_EXPORT, writeCounters } from "#host/vm/meter/counters.ts";
import { BodyEmitter } from "#host/vm/meter/emit.ts";
import { guardedFrames } from "#host/vm/meter/guarded.ts";
import { OffsetMap } from "#host/vm/meter/offsets.ts";
import { Writer } from "#host/vm/meter/writer.ts";
import { RESERVED_PREFIX } from "#host/vm/world.ts";

export interface MeterOptions {
  /** Exports to keep, by name; all others disappear. */
  readonly exports: readonly string[];
  readonly memoryPagesMax: number;
  readonly offsetMap: boolean;
  /** Gas of a fresh instance. The host leaves it at zero, so that nothing runs before it has set it. */
  readonly initialGas?: number;
  /** For a function of the module's own: which floats keep their bits as they escape. In a contract none does. */
  readonly keepsNan?: (definedIndex: number, body: Body) => (index: number) => boolean;
}

export interface MeteredModule {
  /** Imports its memory as {@link MEMORY_IMPORT}. */
  readonly bytes: Uint8Array;
  /** Pages (64 KiB) that memory may reach. */
  readonly memoryPagesMax: number;
  /** Stack bytes of the longest call path, recursive functions apart. */
  readonly staticStackBytes: number;
  /** Present if it was asked for; leads to offsets in the original core module. */
  readonly offsets: OffsetMap | undefined;
}

/** Where the metered module takes its memory from; no contract can import from there. */
export const MEMORY_IMPORT = { module: `${RESERVED_PREFIX}host`, name: "memory" } as const;

/** The order in which sections are written. */
const ORDER = [
  section.type,
  section.import,
  section.function,
  section.table,
  section.global,
  section.export,
  section.element,
  section.dataCount,
  section.code,
  section.data,
];

/**
 * Meters a module whose structure was decoded and whose types the engine has validated.
 *
 * @throws {@link Fault} `MODULE_LIMIT` if the code grows over {@link MODULE_METERED_BYTES_MAX}, or if the frames of a call path without recursion exceed {@link STATIC_STACK_BYTES_MAX}.
 */
export function meter(module: CoreModule, options: MeterOptions): MeteredModule {
  const metering = new Metering(module, options);
  return metering.run();
}

class Metering {
  readonly #module: CoreModule;
  readonly #options: MeterOptions;
  readonly #memoryPagesMax: number;
  readonly #body = new Body();
  readonly #output = new Writer();
  readonly #types: FunctionType[];
  readonly #blockTypes = new Map<string, number>();

  constructor(module: CoreModule, options: MeterOptions) {
    this.#module = module;
    this.#options = options;
    this.#memoryPagesMax = Math.min(
      module.memoryPagesMax ?? options.memoryPagesMax,
      options.memoryPagesMax,
    );
    this.#types = [...module.types];
  }

  run(): MeteredModule {
    const { frames, staticBytes: staticStackBytes } = guardedFrames(this.#module);
    const offsets = this.#options.offsetMap ? new OffsetMap() : undefined;
    // Code first: it may add types, which stand before it.
    const code = new Writer();
    const codeOffsets = this.#options.offsetMap ? new OffsetMap() : undefined;
    this.#writeCode(code, frames, codeOffsets);
    this.#output.copy(this.#module.bytes, 0, 8);
    for (const id of ORDER) {
      if (id === section.code) {
        const start = this.#writeSection(id, (out) => out.copy(code.view()));
        if (codeOffsets !== undefined) offsets?.append(codeOffsets, start);
      } else {
        this.#rewrite(id);
      }
    }
    const bytes = this.#output.view().slice();
    return { bytes, memoryPagesMax: this.#memoryPagesMax, staticStackBytes, offsets };
  }

  #read(span: Span): Body {
    this.#body.decode(this.#module.open(span));
    return this.#body;
  }

  #writeCode(
    code: Writer,
    guarded: readonly (number | undefined)[],
    offsets: OffsetMap | undefined,
  ): void {
    const { bytes, bodies, globalCount } = this.#module;
    const emitter = new BodyEmitter({
      bytes,
      gasGlobal: globalCount,
      stackGlobal: globalCount + 1,
      memoryPagesMax: this.#memoryPagesMax,
    });
    const charges = new Charges();
    code.u32(bodies.length);
    for (const [index, span] of bodies.entries()) {
      const body = this.#read(span);
      const type = definedType(this.#module, index);
      charges.place(body);
      const guardedBytes = guarded[index];
      const resultBlock = this.#resultBlock(type.results);
      const parameters = type.params.length;
      const keepsNan = this.#options.keepsNan?.(index, body);
      const carryBlock = (opener: number): number[] => this.#carryBlock(body, opener);
      const facts = { parameters, keepsNan, guardedBytes, resultBlock, carryBlock };
      emitter.emit({ body, charges, ...facts }, code, offsets);
      if (code.length > MODULE_METERED_BYTES_MAX) {
        throw new Fault("MODULE_LIMIT", { index, limit: MODULE_METERED_BYTES_MAX });
      }
    }
  }

  /** The block type that gives `results`. */
  #resultBlock(results: readonly number[]): number[] {
    const [first] = results;
    if (first === undefined) return [EMPTY_BLOCK];
    return results.length === 1 ? [first] : this.#blockType([], results);
  }

  /** The block type that takes and gives what branches to the label of `opener` carry. */
  #carryBlock(body: Body, opener: number): number[] {
    const value = body.value[opener] ?? NO_BLOCK_TYPE;
    const isLoop = body.opcode[opener] === op.loop;
    let carried: readonly number[] = [];
    if (value >= 0) carried = this.#module.types[value]?.[isLoop ? "params" : "results"] ?? [];
    else if (value !== NO_BLOCK_TYPE && !isLoop) carried = [-value];
    return carried.length === 0 ? [EMPTY_BLOCK] : this.#blockType(carried, carried);
  }

  /** A block type that needs a function type of its own, as an encoded index. */
  #blockType(params: readonly number[], results: readonly number[]): number[] {
    const key = `${params.join()}:${results.join()}`;
    const index = this.#blockTypes.get(key) ?? this.#types.push({ params, results }) - 1;
    this.#blockTypes.set(key, index);
    return [...new Writer().signed(index).view()];
  }

  /** Writes a section with its size; returns the offset of its content. */
  #writeSection(id: number, write: (out: Writer) => void): number {
    const content = new Writer();
    write(content);
    this.#output.byte(id).u32(content.length);
    const start = this.#output.length;
    this.#output.copy(content.view());
    return start;
  }

  #rewrite(id: number): void {
    const module = this.#module;
    const span = module.sections.get(id);
    if (id === section.type) {
      this.#writeSection(id, (out) => this.#writeTypes(out));
    } else if (id === section.import) {
      this.#writeSection(id, (out) => this.#writeImports(out, span));
    } else if (id === section.global) {
      this.#writeSection(id, (out) => this.#writeGlobals(out, span));
    } else if (id === section.export) {
      this.#writeSection(id, (out) => this.#writeExports(out));
    } else if (span !== undefined) {
      this.#writeSection(id, (out) => out.copy(module.bytes, span.start, span.end));
    }
  }

  #writeTypes(out: Writer): void {
    out.u32(this.#types.length);
    for (const { params, results } of this.#types) {
      out
        .byte(FUNCTION_TYPE)
        .u32(params.length)
        .bytes(...params)
        .u32(results.length)
        .bytes(...results);
    }
  }

  /** The contract's imports, and its memory: the host brings it, so that it can be wiped and used again. */
  #writeImports(out: Writer, span: Span | undefined): void {
    const module = this.#module;
    out.u32(module.importCount + (module.ownsMemory ? 1 : 0));
    if (span !== undefined) {
      const reader = module.open(span);
      reader.u32();
      out.copy(module.bytes, reader.offset, span.end);
    }
    if (!module.ownsMemory) return;
    const bounded = 1;
    out.name(MEMORY_IMPORT.module).name(MEMORY_IMPORT.name).bytes(exportKind.memory, bounded);
    out.u32(module.memoryPages).u32(this.#memoryPagesMax);
  }

  #writeGlobals(out: Writer, span: Span | undefined): void {
    const reader = span === undefined ? undefined : this.#module.open(span);
    out.u32((reader?.u32() ?? 0) + 2);
    if (reader !== undefined) out.copy(this.#module.bytes, reader.offset, reader.end);
    writeCounters(out, this.#options.initialGas ?? 0, STACK_BYTES_MAX);
  }

  #writeExports(out: Writer): void {
    const kept = this.#options.exports.filter((name) => this.#module.exports.has(name));
    out.u32(kept.length + 2);
    for (const name of kept) {
      const item = this.#module.exports.get(name);
      if (item !== undefined) out.name(name).byte(item.kind).u32(item.index);
    }
    const GLOBAL = 3;
    out.name(GAS_EXPORT).byte(GLOBAL).u32(this.#module.globalCount);
    out
      .name(STACK_EXPORT)
      .byte(GLOBAL)
      .u32(this.#module.globalCount + 1);
  }
}
