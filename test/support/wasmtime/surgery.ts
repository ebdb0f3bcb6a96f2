/**
 * Makes a metered module stand alone: its imports become functions and a memory of its own, and one more
 * function runs the call. The code of the contract stays as it is, byte by byte.
 *
 * Functions that take the place of imports come first, as imports do, so no index moves.
 *
 * @module
 */
import { Cursor } from "#test/support/cursor.ts";
import { exported, PREAMBLE, section, u32, vector, type Code } from "#test/support/wasm.ts";

const [TYPE, IMPORT, FUNCTION, MEMORY, GLOBAL, EXPORT, CODE] = [1, 2, 3, 5, 6, 7, 10];
const ORDER = [1, 2, 3, 4, 5, 6, 7, 9, 12, 10, 11];
const FUNCTION_KIND = 0;

export interface Import {
  readonly module: string;
  readonly name: string;
  readonly type: number;
}

export interface Export {
  readonly kind: number;
  readonly index: number;
}

/** What surgery needs to know of a metered module. */
export interface Anatomy {
  readonly sections: ReadonlyMap<number, Uint8Array>;
  /** Imported functions, in order; the only other import is the memory. */
  readonly imports: readonly Import[];
  /** Initial and greatest size of the memory, as encoded. */
  readonly memory: Code;
  readonly types: number;
  readonly functions: number;
  readonly globals: number;
  readonly exports: ReadonlyMap<string, Export>;
}

/** @throws RangeError if the module is not whole. */
export function anatomyOf(bytes: Uint8Array): Anatomy {
  const sections = new Map<number, Uint8Array>();
  const cursor = new Cursor(bytes, PREAMBLE.length);
  while (cursor.at < bytes.length) {
    const id = cursor.byte();
    const end = cursor.u32() + cursor.at;
    sections.set(id, bytes.subarray(cursor.at, end));
    cursor.at = end;
  }
  const open = (id: number): Cursor => new Cursor(sections.get(id) ?? Uint8Array.of(0));
  const imports: Import[] = [];
  let memory: Code = [];
  const reader = open(IMPORT);
  reader.items(() => {
    const [from, item] = [text(reader), text(reader)];
    const kind = reader.byte();
    if (kind === FUNCTION_KIND) imports.push({ module: from, name: item, type: reader.u32() });
    else memory = limits(reader);
  });
  const exports = new Map<string, Export>();
  const exporter = open(EXPORT);
  exporter.items(() => {
    const label = text(exporter);
    exports.set(label, { kind: exporter.byte(), index: exporter.u32() });
  });
  const counts = [TYPE, FUNCTION, GLOBAL].map((id) => open(id).u32());
  const [types = 0, functions = 0, globals = 0] = counts;
  return { sections, imports, memory, types, functions, globals, exports };
}

function text(cursor: Cursor): string {
  const start = cursor.at;
  cursor.skipBytes();
  const whole = new Cursor(cursor.bytes, start);
  whole.u32();
  return new TextDecoder().decode(cursor.bytes.subarray(whole.at, cursor.at));
}

function limits(cursor: Cursor): Code {
  const start = cursor.at;
  for (let count = cursor.byte() + 1; count > 0; count--) cursor.u32();
  return [...cursor.bytes.subarray(start, cursor.at)];
}

export interface Transplant {
  /** One body for each import: locals and code, without the final `end`. */
  readonly bodies: readonly Code[];
  /** Globals behind the module's own, with their types, values and ends. */
  readonly globals: readonly Code[];
  /** Body of the function that runs the call; it takes and gives nothing. */
  readonly run: Code;
  readonly runExport: string;
  /** Exports of globals besides. */
  readonly exportedGlobals: readonly (readonly [label: string, index: number])[];
}

/** The module without imports. */
export function standAlone(anatomy: Anatomy, parts: Transplant): Uint8Array {
  const { sections, imports, types, functions } = anatomy;
  const extended = (id: number, before: readonly Code[], after: readonly Code[]): number[] => {
    const content = sections.get(id) ?? Uint8Array.of(0);
    const cursor = new Cursor(content);
    const count = cursor.u32() + before.length + after.length;
    return [...u32(count), ...before.flat(), ...content.subarray(cursor.at), ...after.flat()];
  };
  const body = (code: Code): number[] => [...u32(code.length + 1), ...code, 0x0b];
  const run = imports.length + functions;
  // What is left of the module's own: no function, so that nothing but the run is ever called.
  const kept = [...anatomy.exports].flatMap(([label, { kind, index }]) =>
    kind === FUNCTION_KIND ? [] : [exported(label, kind, index)],
  );
  const exports = [
    ...kept,
    exported(parts.runExport, FUNCTION_KIND, run),
    ...parts.exportedGlobals.map(([label, index]) => exported(label, 3, index)),
  ];
  const changed = new Map<number, Code>([
    [TYPE, extended(TYPE, [], [[0x60, 0, 0]])],
    [
      FUNCTION,
      extended(
        FUNCTION,
        imports.map(({ type }) => u32(type)),
        [u32(types)],
      ),
    ],
    [MEMORY, vector([anatomy.memory])],
    [GLOBAL, extended(GLOBAL, [], parts.globals)],
    [EXPORT, vector(exports)],
    [CODE, extended(CODE, parts.bodies.map(body), [body(parts.run)])],
  ]);
  const bytes = [...PREAMBLE];
  for (const id of ORDER) {
    const content = changed.get(id) ?? sections.get(id);
    if (id === IMPORT || content === undefined) continue;
    for (const byte of section(id, [...content])) bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}
