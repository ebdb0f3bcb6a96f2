/**
 * Rewrites an admitted module so that gas, stack, memory and float bits are under the host's rule.
 *
 * The folder is one strategy behind this function: exact per-instruction gas, paid ahead only as far as every
 * way on costs it, in a counter that functions hand on to each other. Gas is a property of the uploaded bytes
 * and of METER_VERSION.
 *
 * @module
 */
import { STACK_BYTES_MAX } from "#protocol/limits.ts";
import type { Body } from "#host/vm/decode/body.ts";
import { exportKind, section, type CoreModule, type Span } from "#host/vm/decode/module.ts";
import { Added } from "#host/vm/meter/added.ts";
import { Bodies } from "#host/vm/meter/bodies.ts";
import {
  GAS_EXPORT,
  PAY_EXPORT,
  STACK_EXPORT,
  writeCounters,
  writePay,
  type Counters,
} from "#host/vm/meter/counters.ts";
import { valueType } from "#host/vm/decode/opcodes.ts";
import { writeElements } from "#host/vm/meter/elements.ts";
import { Doors } from "#host/vm/meter/doors.ts";
import { Helpers } from "#host/vm/meter/helpers.ts";
import { OffsetMap } from "#host/vm/meter/offsets.ts";
import { RESTORE_EXPORT, writeRestore } from "#host/vm/meter/restoring.ts";
import { ownTables, SLICE_EXPORT, writeHints, writeTables } from "#host/vm/meter/slices.ts";
import { survey, type Survey } from "#host/vm/meter/survey.ts";
import { Types } from "#host/vm/meter/types.ts";
import { Writer } from "#host/vm/meter/writer.ts";
import { RESERVED_PREFIX } from "#host/vm/world.ts";

export interface MeterOptions {
  /** Exports to keep, by name; all others disappear. */
  readonly exports: readonly string[];
  readonly memoryPagesMax: number;
  readonly offsetMap: boolean;
  /** Whether code that has run down its counter asks the host for more, by {@link SLICE_EXPORT}. */
  readonly isResumable?: boolean;
  /** Gas of a fresh instance. The host leaves it at zero, so that nothing runs before it has set it. */
  readonly initialGas?: number;
  /** For a function of the module's own: which floats keep their bits as they escape. In a contract none does. */
  readonly keepsNan?: (definedIndex: number, body: Body) => (index: number) => boolean;
}

export interface MeteredModule {
  /** Imports its memory as {@link MEMORY_IMPORT}. A view: its buffer has room behind it. */
  readonly bytes: Uint8Array;
  /** Pages (64 KiB) that memory may reach. */
  readonly memoryPagesMax: number;
  /** Stack bytes of the longest call path, recursive functions apart. */
  readonly staticStackBytes: number;
  /** Whether it exports {@link RESTORE_EXPORT}: with its memory as it was, an instance is as new then. */
  readonly isRestorable: boolean;
  /** Present if it was asked for; leads to offsets in the original core module. */
  readonly offsets: OffsetMap | undefined;
}

/** Where the metered module takes its memory from; no contract can import from there. */
export const MEMORY_IMPORT = { module: `${RESERVED_PREFIX}host`, name: "memory" } as const;

/** Globals that the counters are, right behind the contract's own. */
const COUNTERS = 2;

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
 * @throws {@link Fault} `MODULE_LIMIT` if code that cannot be suspended grows over {@link MODULE_METERED_BYTES_MAX},
 *   or if the frames of a call path without recursion exceed {@link STATIC_STACK_BYTES_MAX}.
 */
export function meter(module: CoreModule, options: MeterOptions): MeteredModule {
  const metering = new Metering(module, options);
  return metering.run();
}

class Metering {
  readonly #module: CoreModule;
  readonly #options: MeterOptions;
  readonly #memoryPagesMax: number;
  readonly #output = new Writer();
  readonly #types: Types;
  readonly #survey: Survey;
  readonly #added: Added;
  readonly #doors: Doors;
  readonly #bodies: Bodies;
  readonly #offsets: OffsetMap | undefined;
  readonly #resumes: boolean;
  readonly #counters: Counters;
  #restore: number | undefined;
  #pay = 0;

  constructor(module: CoreModule, options: MeterOptions) {
    const { bytes, globalCount, functionTypes } = module;
    const pagesMax = options.memoryPagesMax;
    const memoryPagesMax = Math.min(module.memoryPagesMax ?? pagesMax, pagesMax);
    const counters = { gasGlobal: globalCount, stackGlobal: globalCount + 1 };
    this.#module = module;
    this.#options = options;
    this.#memoryPagesMax = memoryPagesMax;
    this.#offsets = options.offsetMap ? new OffsetMap() : undefined;
    this.#types = new Types(module.types);
    const added = new Added(this.#types, functionTypes.length, globalCount + COUNTERS);
    const sliceTable = options.isResumable === true ? ownTables(module) : undefined;
    const helpers = new Helpers(added, { counters, memoryPagesMax, sliceTable });
    this.#resumes = sliceTable !== undefined;
    this.#added = added;
    this.#counters = counters;
    this.#doors = new Doors(added, this.#types, helpers, counters);
    this.#survey = survey(module);
    this.#bodies = new Bodies(module, this.#survey, {
      context: { bytes, counters, types: this.#types, added, helpers },
      doors: this.#doors,
      offsetMap: options.offsetMap,
      keepsNan: options.keepsNan,
    });
  }

  run(): MeteredModule {
    this.#bodies.run();
    this.#addRestore();
    this.#addPay();
    // What adds types and functions comes before the sections that count them.
    const exports = new Writer();
    this.#writeExports(exports);
    const elements = new Writer();
    writeElements(elements, this.#module, this.#doors);
    const functions = new Writer();
    this.#writeFunctions(functions);
    this.#output.room(this.#module.bytes.length + this.#bodies.size);
    this.#output.copy(this.#module.bytes, 0, 8);
    for (const id of ORDER) {
      if (id === section.function) this.#section(id, (out) => out.copy(functions.view()));
      else if (id === section.export) this.#section(id, (out) => out.copy(exports.view()));
      else if (id === section.element && elements.length > 0) {
        this.#section(id, (out) => out.copy(elements.view()));
      } else this.#rewrite(id);
    }
    const bytes = this.#output.view();
    const { staticBytes: staticStackBytes } = this.#survey;
    return {
      ...{ bytes, memoryPagesMax: this.#memoryPagesMax, staticStackBytes },
      isRestorable: this.#restore !== undefined,
      offsets: this.#offsets,
    };
  }

  #addPay(): void {
    const code = new Writer();
    writePay(code, this.#counters);
    const type = this.#types.of([valueType.f64], [valueType.i32]);
    this.#pay = this.#added.add(type, code, [1, 1, valueType.i64]);
  }

  #addRestore(): void {
    if (!this.#survey.isRestorable) return;
    const code = new Writer();
    const gas = this.#options.initialGas ?? 0;
    writeRestore(code, this.#module, this.#counters, { gas, stackBytes: STACK_BYTES_MAX });
    this.#restore = this.#added.add(this.#types.of([], []), code);
  }

  /** Writes a section with its size. */
  #section(id: number, write: (out: Writer) => void): void {
    const content = new Writer();
    write(content);
    this.#output.byte(id).u32(content.length).copy(content.view());
  }

  #rewrite(id: number): void {
    const module = this.#module;
    const span = module.sections.get(id);
    if (id === section.type) this.#section(id, (out) => this.#types.write(out));
    else if (id === section.import) this.#section(id, (out) => this.#writeImports(out, span));
    else if (id === section.global) this.#section(id, (out) => this.#writeGlobals(out, span));
    else if (id === section.table && this.#resumes) {
      this.#section(id, (out) => writeTables(out, module));
    } else if (id === section.code) this.#writeCode();
    else if (span !== undefined) {
      const { start, end } = span;
      this.#output
        .byte(id)
        .u32(end - start)
        .copy(module.bytes, start, end);
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

  #writeFunctions(out: Writer): void {
    const types = [...this.#bodies.types(), ...this.#added.functionTypes];
    out.u32(types.length);
    for (const type of types) out.u32(type);
  }

  #writeGlobals(out: Writer, span: Span | undefined): void {
    const reader = span === undefined ? undefined : this.#module.open(span);
    out.u32((reader?.u32() ?? 0) + COUNTERS + this.#added.globals.length);
    if (reader !== undefined) out.copy(this.#module.bytes, reader.offset, reader.end);
    writeCounters(out, this.#options.initialGas ?? 0, STACK_BYTES_MAX);
    for (const global of this.#added.globals) out.bytes(...global);
  }

  #writeExports(out: Writer): void {
    const { exports, globalCount } = this.#module;
    const kept = this.#options.exports.filter((name) => exports.has(name));
    const restore = this.#restore;
    out.u32(kept.length + 3 + (this.#resumes ? 1 : 0) + (restore === undefined ? 0 : 1));
    for (const name of kept) {
      const { kind, index } = exports.get(name) ?? { kind: 0, index: 0 };
      const item = kind === exportKind.function ? this.#door(index) : index;
      out.name(name).byte(kind).u32(item);
    }
    if (this.#resumes) {
      out.name(SLICE_EXPORT).byte(exportKind.table).u32(ownTables(this.#module));
    }
    if (restore !== undefined) out.name(RESTORE_EXPORT).byte(exportKind.function).u32(restore);
    out.name(PAY_EXPORT).byte(exportKind.function).u32(this.#pay);
    out.name(GAS_EXPORT).byte(exportKind.global).u32(globalCount);
    out
      .name(STACK_EXPORT)
      .byte(exportKind.global)
      .u32(globalCount + 1);
  }

  /** What the host calls in the place of function `index`. */
  #door(index: number): number {
    if (index < this.#module.importedFunctions) return index;
    const callee = this.#bodies.callee(index);
    const entryGas = this.#bodies.entryGas[index] ?? 0;
    if (!callee.takesGas && entryGas === 0) return index;
    const type = this.#module.functionTypes[index] ?? 0;
    return this.#doors.inward(callee, type, entryGas);
  }

  #writeCode(): void {
    if (this.#resumes)
      this.#section(section.custom, (out) => writeHints(out, this.#bodies.hints()));
    const count = new Writer().u32(this.#module.bodies.length + this.#added.bodies.length);
    const added = new Writer();
    for (const body of this.#added.bodies) added.u32(body.length).copy(body);
    const size = count.length + this.#bodies.size + added.length;
    const out = this.#output;
    out.byte(section.code).u32(size).copy(count.view());
    this.#bodies.write(out, this.#offsets);
    this.#offsets?.add(out.length, OffsetMap.NONE, 0);
    out.copy(added.view());
  }
}
