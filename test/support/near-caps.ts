/**
 * Contracts of the largest size that are made of one costly thing each, near the cap that bounds it.
 *
 * Whoever decodes, validates, rewrites or compiles an upload does the most work per byte on one of
 * these. All are well-formed and well-typed, so that each step of admission gets to see them.
 *
 * @module
 */
import {
  COMPONENT_BYTES_MAX,
  MODULE_BODY_BYTES_MAX,
  MODULE_BRANCH_TARGETS_MAX,
  MODULE_CALLS_MAX,
  MODULE_EXPORTS_MAX,
  MODULE_FUNCTIONS_MAX,
  MODULE_GLOBALS_MAX,
  MODULE_LOCALS_MAX,
  MODULE_LOOPS_MAX,
  MODULE_MERGES_MAX,
  MODULE_NAME_BYTES_MAX,
  MODULE_NESTING_MAX,
  MODULE_PARAMETERS_MAX,
  MODULE_RESULTS_MAX,
  MODULE_SEGMENTS_MAX,
  MODULE_TABLE_ENTRIES_MAX,
  MODULE_TYPES_MAX,
} from "#protocol/limits.ts";
import { Writer } from "#host/vm/meter/writer.ts";
import { constant, i32, i64, u32, type Code } from "#test/support/wasm.ts";

/** Room for the container, the sections before the code and the four entry points. */
const FRAME_BYTES = 24 * 1024;
const CODE_BYTES = COMPONENT_BYTES_MAX - FRAME_BYTES;
/** Bytes of a body besides its code: locals and the final `end`. */
const BODY_FRAME_BYTES = 64;
/** Index of the first function behind the entry points, if nothing is imported. */
const FIRST = 4;

interface Heap {
  /** Function types by parameters and results, behind the four that every contract has here. */
  readonly types?: readonly (readonly [params: Code, results: Code])[];
  /** Bodies with their locals, and the index of their type: 3 takes and gives nothing. */
  readonly bodies?: Iterable<Code>;
  readonly typeOf?: number;
  readonly globals?: number;
  readonly exports?: number;
  readonly table?: number;
  readonly elements?: readonly Code[];
  readonly data?: { readonly count: number; readonly bytes: number };
  readonly customs?: { readonly count: number; readonly bytes: number };
}

/** The type of functions that take and give nothing. */
const NOTHING = 3;
const no: Code = [];

function writeSection(out: Writer, id: number, write: (content: Writer) => void): void {
  const content = new Writer();
  write(content);
  out.byte(id).u32(content.length).copy(content.view());
}

function append(out: Writer, code: Code): void {
  for (const byte of code) out.byte(byte);
}

/** A name of the greatest length, different for each number. */
function longName(number: number): string {
  return `${number}`.padEnd(MODULE_NAME_BYTES_MAX, "x");
}

function core(heap: Heap): Uint8Array {
  const out = new Writer();
  append(out, [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  const bodies = [...(heap.bodies ?? [])];
  for (let custom = 0; custom < (heap.customs?.count ?? 0); custom++) {
    writeSection(out, 0, (content) => {
      content.name(longName(custom)).copy(new Uint8Array(heap.customs?.bytes ?? 0));
    });
  }
  writeSection(out, 1, (content) => {
    const four = [i32, i32, i32, i32];
    const types = [[four, [i32]], [[i32], no], [no, [i32]], [no, no], ...(heap.types ?? [])];
    content.u32(types.length);
    for (const [params = no, results = no] of types) {
      content.byte(0x60).u32(params.length);
      append(content, params);
      content.u32(results.length);
      append(content, results);
    }
  });
  writeSection(out, 3, (content) => {
    content.u32(FIRST + bodies.length).bytes(0, 0, 0, 0);
    for (const _ of bodies) content.u32(heap.typeOf ?? NOTHING);
  });
  if (heap.table !== undefined) {
    const entries = heap.table;
    writeSection(out, 4, (content) => void content.bytes(1, 0x70, 0).u32(entries));
  }
  writeSection(out, 5, (content) => void content.bytes(1, 0, 2));
  writeSection(out, 6, (content) => {
    content.u32(heap.globals ?? 0);
    for (let global = 0; global < (heap.globals ?? 0); global++) {
      append(content, [i64, 1, 0x42, ...Array.from({ length: 9 }, () => 0x80), 0x7f, 0x0b]);
    }
  });
  writeSection(out, 7, (content) => {
    const more = heap.exports ?? 0;
    content
      .u32(5 + more)
      .name("memory")
      .bytes(2, 0);
    for (const [index, label] of ["cabi_realloc", "init", "command", "query"].entries()) {
      content.name(label).bytes(0, index);
    }
    for (let index = 0; index < more; index++) content.name(longName(index)).bytes(0, 0);
  });
  if (heap.elements !== undefined) {
    const elements = heap.elements;
    writeSection(out, 9, (content) => {
      content.u32(elements.length);
      for (const element of elements) append(content, element);
    });
  }
  writeSection(out, 10, (content) => {
    content.u32(FIRST + bodies.length);
    for (let entry = 0; entry < FIRST; entry++) content.bytes(4, 0, 0x41, 16, 0x0b);
    for (const body of bodies) {
      content.u32(body.length);
      append(content, body);
    }
  });
  writeSection(out, 11, (content) => {
    const { count = 0, bytes = 0 } = heap.data ?? {};
    content.u32(count);
    for (let segment = 0; segment < count; segment++) {
      append(content, [0, ...constant(0), 0x0b]);
      content.u32(bytes).copy(new Uint8Array(bytes));
    }
  });
  return out.view().slice();
}

interface BodyParts {
  readonly locals?: Code;
  readonly before?: Code;
  readonly after?: Code;
  /** Copies of the unit, if fewer than fit are allowed. */
  readonly times?: number;
}

/** Repeats `unit` until a body is full; `before` and `after` stand around it once. */
function body(unit: Code, parts: BodyParts = {}): number[] {
  const { locals = [0], before = no, after = no, times = Number.POSITIVE_INFINITY } = parts;
  const fixed = locals.length + before.length + after.length + BODY_FRAME_BYTES;
  const fitting = Math.floor((MODULE_BODY_BYTES_MAX - fixed) / unit.length);
  const bytes = [...locals, ...before];
  for (let time = 0; time < Math.min(times, fitting); time++) {
    for (const byte of unit) bytes.push(byte);
  }
  for (const byte of after) bytes.push(byte);
  bytes.push(0x0b);
  return bytes;
}

/** As many copies of one body as fit the file. */
function* filled(one: Code): Iterable<Code> {
  for (let bytes = 0; bytes + one.length + 8 <= CODE_BYTES; bytes += one.length + 8) yield one;
}

/** As many functions as are allowed, as large as then fit. */
function* many(make: (index: number, bytes: number) => Code, frame = 0): Iterable<Code> {
  const count = MODULE_FUNCTIONS_MAX - FIRST;
  const bytes = Math.floor((CODE_BYTES - frame) / count) - 4;
  for (let index = 0; index < count; index++) yield make(index, bytes);
}

const repeat = (times: number, code: Code): number[] =>
  Array.from({ length: times }, () => code).flat();
const block: Code = [0x02, 0x40];
const END = 0x0b;

/** A `br_table` of the most targets, its labels spread over all that are open. */
const branchTable: Code = [
  ...constant(0),
  0x0e,
  ...u32(MODULE_BRANCH_TARGETS_MAX - 1),
  ...Array.from({ length: MODULE_BRANCH_TARGETS_MAX }, (_, at) =>
    u32((at * 7) % MODULE_NESTING_MAX),
  ).flat(),
];
/** Locals of alternating types, each declared by itself. */
const manyLocals: Code = [
  ...u32(MODULE_LOCALS_MAX),
  ...Array.from({ length: MODULE_LOCALS_MAX }, (_, at) => [1, at % 2 === 0 ? i32 : i64]).flat(),
];
const wideType: readonly [Code, Code] = [
  repeat(MODULE_PARAMETERS_MAX, [i32]),
  repeat(MODULE_RESULTS_MAX, [i64]),
];

const of = (unit: Code, parts: BodyParts = {}): Uint8Array =>
  core({ bodies: filled(body(unit, parts)) });

/** A function that keeps {@link MODULE_LOCALS_MAX} values at as many forks as are allowed. */
function merging(unit: Code, forks: number, parts: BodyParts): Uint8Array {
  const values = MODULE_LOCALS_MAX + 8;
  const times = Math.floor(MODULE_MERGES_MAX / values / forks);
  return core({ bodies: [body(unit, { ...parts, times })] });
}

/** Cores by what they are made of. */
export const nearCaps: Readonly<Record<string, () => Uint8Array>> = {
  "no-ops": () => of([0x01]),
  "constants, one byte each": () => of([0x41, 0, 0x1a]),
  "constants, ten bytes each": () =>
    of([0x42, ...Array.from({ length: 9 }, () => 0x80), 0x7f, 0x1a]),
  "float constants": () => of([0x44, 1, 2, 3, 4, 5, 6, 7, 8, 0x1a]),
  "locals read": () => of([0x20, 0, 0x1a], { locals: [1, 1, i32] }),
  "locals of many runs": () => core({ bodies: filled([...manyLocals, END]) }),
  "accesses with far offsets": () => of([0x41, 0, 0x28, 2, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x1a]),
  "blocks beside each other": () => of([0x02, 0x40, END]),
  "blocks in each other": () =>
    of([...repeat(MODULE_NESTING_MAX, block), ...repeat(MODULE_NESTING_MAX, [END])]),
  "loops in each other": () =>
    of([...repeat(MODULE_NESTING_MAX, [0x03, 0x40]), ...repeat(MODULE_NESTING_MAX, [END])], {
      times: MODULE_LOOPS_MAX / MODULE_NESTING_MAX,
    }),
  "arms of nothing": () => of([0x41, 0, 0x04, 0x40, 0x05, END]),
  "branches out of the middle": () =>
    of([0x41, 0, 0x0d, ...u32(MODULE_NESTING_MAX / 2)], {
      before: repeat(MODULE_NESTING_MAX, block),
      after: repeat(MODULE_NESTING_MAX, [END]),
    }),
  "branches with many locals": () =>
    merging([0x41, 0, 0x0d, 0, 0x41, 1, 0x21, 0], 1, {
      locals: [1, ...u32(MODULE_LOCALS_MAX), i32],
    }),
  "loops with many locals": () =>
    merging([0x03, 0x40, 0x41, 0, 0x0d, 0, 0x41, 1, 0x21, 0, END], 2, {
      locals: [1, ...u32(MODULE_LOCALS_MAX), i32],
    }),
  "branches over many operands": () =>
    merging([0x02, 0x40, 0x41, 0, 0x0d, 0, END], 1, {
      before: repeat(MODULE_LOCALS_MAX, [0x41, 0]),
      after: repeat(MODULE_LOCALS_MAX, [0x1a]),
    }),
  "tables of the most targets": () =>
    of([...block, ...branchTable, END], {
      before: repeat(MODULE_NESTING_MAX - 1, block),
      after: repeat(MODULE_NESTING_MAX - 1, [END]),
    }),
  "tables of one target": () => of([...block, 0x41, 0, 0x0e, 0, 0, END]),
  "growth and bulk": () => of([0x41, 0, 0x40, 0, 0x1a]),
  fills: () => of([0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 0x0b, 0]),
  "float stores": () => of([0x41, 0, 0x44, 0, 0, 0, 0, 0, 0, 0, 0, 0x39, 3, 0]),
  "square roots stored": () => of([0x41, 0, 0x20, 0, 0x9f, 0x39, 3, 0], { locals: [1, 1, 0x7c] }),
  "calls of one function": () => of([0x10, FIRST], { times: MODULE_CALLS_MAX }),
  divisions: () => of([0x20, 0, 0x20, 0, 0x6d, 0x21, 0], { locals: [1, 1, i32] }),
  "functions of no code": () => core({ bodies: many(() => [0, END]) }),
  "functions of little code": () =>
    core({ bodies: many((_, bytes) => [0, ...repeat(bytes - 2, [0x01]), END]) }),
  "functions of wide types": () =>
    core({
      types: repeat(MODULE_TYPES_MAX - 4, [0]).map(() => wideType),
      typeOf: MODULE_TYPES_MAX - 1,
      bodies: many((_, bytes) => [0, ...repeat(bytes - 3, [0x01]), 0x00, END], 90_000),
    }),
  "calls of wide types": () =>
    core({
      types: [wideType],
      typeOf: 4,
      bodies: filled(
        body(
          [
            ...repeat(MODULE_PARAMETERS_MAX, [0x20, 0]),
            0x10,
            FIRST,
            ...repeat(MODULE_RESULTS_MAX, [0x1a]),
          ],
          {
            after: [0x00],
          },
        ),
      ),
    }),
  "calls to every function": () =>
    core({
      bodies: many((index, bytes) => {
        const code = [0];
        for (let at = 1; code.length < bytes - 4; at++) {
          code.push(0x10, ...u32(FIRST + ((index + at * 97) % (MODULE_FUNCTIONS_MAX - FIRST))));
        }
        return [...code, END];
      }),
    }),
  "indirect calls": () =>
    core({
      table: MODULE_TABLE_ENTRIES_MAX,
      elements: [
        [
          ...[0, ...constant(0), END, ...u32(MODULE_TABLE_ENTRIES_MAX)],
          ...repeat(MODULE_TABLE_ENTRIES_MAX, [FIRST]),
        ],
      ],
      bodies: filled(body([0x41, 0, 0x11, NOTHING, 0], { times: MODULE_CALLS_MAX })),
    }),
  "table copies": () =>
    core({
      table: MODULE_TABLE_ENTRIES_MAX,
      bodies: filled(body([0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 0x0e, 0, 0])),
    }),
  "element segments": () =>
    core({
      table: MODULE_TABLE_ENTRIES_MAX,
      elements: repeat(MODULE_SEGMENTS_MAX, [0]).map(() => [
        0,
        ...constant(0),
        END,
        2,
        FIRST,
        FIRST,
      ]),
      bodies: filled(body([0x01])),
    }),
  globals: () => core({ globals: MODULE_GLOBALS_MAX, bodies: filled(body([0x23, 0, 0x1a])) }),
  exports: () => core({ exports: MODULE_EXPORTS_MAX - 5, bodies: many(() => [0, END]) }),
  "data segments of nothing": () => core({ data: { count: MODULE_SEGMENTS_MAX, bytes: 0 } }),
  "data segments": () => core({ data: { count: MODULE_SEGMENTS_MAX, bytes: 480 } }),
  "one data segment": () => core({ data: { count: 1, bytes: 65_536 } }),
  "custom sections": () => core({ customs: { count: 64, bytes: 30_000 } }),
};
