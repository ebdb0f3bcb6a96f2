/**
 * A core module as admission sees it: indexes and spans into the uploaded bytes, nothing copied.
 *
 * @module
 */
import type { Reader } from "#host/vm/decode/reader.ts";
import type { WorldImportKey } from "#host/vm/world.ts";

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface FunctionType {
  readonly params: readonly number[];
  readonly results: readonly number[];
}

/** Export kinds of the binary format. */
export const exportKind = { function: 0, table: 1, memory: 2, global: 3 } as const;

export interface Export {
  readonly kind: number;
  readonly index: number;
  /** Where its entry begins. */
  readonly offset: number;
}

/** Section numbers of the binary format. */
export const section = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
} as const;

/** What an element segment begins with: what is done with it, and whether it names its table and kind. */
export const elementForm = { active: 0, passive: 1, named: 2, declared: 3 } as const;

/** A mutable global of the module's own, and where the constant stands that it begins with. */
export interface Variable {
  readonly index: number;
  readonly initial: Span;
}

export interface CoreModule {
  readonly bytes: Uint8Array;
  /** A reader of one part of the bytes, by the rules that the module was decoded with. */
  readonly open: (span: Span) => Reader;
  readonly types: readonly FunctionType[];
  /** The host functions the module imports: functions 0 to `imports.length - 1`. */
  readonly imports: readonly WorldImportKey[];
  /** Entries of the import section, and the functions among them: in a contract, all of them. */
  readonly importCount: number;
  readonly importedFunctions: number;
  /** Type index of every function, imports first. */
  readonly functionTypes: readonly number[];
  /** Function bodies, from the local declarations to the final `end`. */
  readonly bodies: readonly Span[];
  /** Functions that `call_indirect` may reach. */
  readonly tableFunctions: readonly number[];
  /** Entries of the table, and those that instantiation writes. */
  readonly tableEntries: number;
  readonly activeEntries: number;
  /** Whether it defines a memory: every contract does. */
  readonly ownsMemory: boolean;
  readonly memoryPages: number;
  /** The memory's own maximum, or undefined if it declares none. */
  readonly memoryPagesMax: number | undefined;
  readonly globalCount: number;
  readonly variables: readonly Variable[];
  readonly exports: ReadonlyMap<string, Export>;
  /** Bytes that instantiation copies into memory. */
  readonly dataBytes: number;
  /** Where the last of these ends. */
  readonly dataEnd: number;
  /** Contents of every section but the custom ones, by section number. */
  readonly sections: ReadonlyMap<number, Span>;
}
