/**
 * A tiny assembler for hand-made modules: what a test needs to say exactly which bytes are hostile.
 *
 * It checks nothing, on purpose.
 *
 * @module
 */

export type Code = readonly number[];

export const i32 = 0x7f;
export const i64 = 0x7e;
const f32 = 0x7d;
const f64 = 0x7c;

/** Unsigned LEB128. */
export function u32(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return [...bytes, rest];
}

/** Signed LEB128. */
export function signed(value: number | bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (;;) {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    if ((rest === 0n && low < 0x40) || (rest === -1n && low >= 0x40)) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

export function name(text: string): number[] {
  const bytes = [...new TextEncoder().encode(text)];
  return [...u32(bytes.length), ...bytes];
}

export function section(id: number, content: Code): number[] {
  return [id, ...u32(content.length), ...content];
}

export function vector(items: readonly Code[]): number[] {
  return [...u32(items.length), ...items.flat()];
}

export const get = (index: number): number[] => [0x20, ...u32(index)];
export const set = (index: number): number[] => [0x21, ...u32(index)];
export const tee = (index: number): number[] => [0x22, ...u32(index)];
export const constant = (value: number): number[] => [0x41, ...signed(value | 0)];
/** Constants one after another, as arguments of a call are. */
export const constants = (...values: readonly number[]): number[] => values.flatMap(constant);
export const call = (index: number): number[] => [0x10, ...u32(index)];
export const block = (code: Code): number[] => [0x02, 0x40, ...code, 0x0b];
export const loop = (code: Code): number[] => [0x03, 0x40, ...code, 0x0b];
export const when = (code: Code, otherwise?: Code): number[] => [
  0x04,
  0x40,
  ...code,
  ...(otherwise === undefined ? [] : [0x05, ...otherwise]),
  0x0b,
];
/** Runs `code` that often, at least once. @param counter - A local that is its own. */
export const repeated = (times: number, counter: number, code: Code): number[] => [
  ...[...constant(times), ...set(counter)],
  ...loop([...code, ...get(counter), ...constant(1), sub, ...tee(counter), ...brIf(0)]),
];
export const br = (depth: number): number[] => [0x0c, ...u32(depth)];
export const brIf = (depth: number): number[] => [0x0d, ...u32(depth)];
export const add = 0x6a;
export const sub = 0x6b;
export const drop = 0x1a;
export const returned = 0x0f;
export const unreachable = 0x00;
/** Stores of the value on top at the address below it. */
export const store32: Code = [0x36, 0x02, 0x00];
export const store8: Code = [0x3a, 0x00, 0x00];

export interface FunctionPart {
  /** Letters as in the world table: `i`, `I`, `f`, `F`. */
  readonly params?: string;
  readonly results?: string;
  readonly locals?: readonly (readonly [count: number, type: number])[];
  /** Without the final `end`. */
  readonly code: Code;
  readonly export?: string;
}

export interface ImportPart {
  readonly module: string;
  readonly name: string;
  readonly params: string;
  readonly results: string;
}

export interface ModuleParts {
  readonly imports?: readonly ImportPart[];
  readonly functions?: readonly FunctionPart[];
  /** Limits as encoded: flags, minimum, maximum. */
  readonly memory?: Code | null;
  readonly table?: Code;
  readonly globals?: readonly Code[];
  readonly elements?: readonly Code[];
  readonly data?: readonly Code[];
  readonly exports?: readonly Code[];
  /** Types behind those of imports and functions. */
  readonly types?: readonly { readonly params: string; readonly results: string }[];
  /** Whole sections placed after the one with the number before them. */
  readonly extra?: ReadonlyMap<number, Code>;
}

const LETTERS: Readonly<Record<string, number>> = { i: i32, I: i64, f: f32, F: f64 };
export const PREAMBLE: Code = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const COMPONENT_PREAMBLE: Code = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00];

function functionType(params: string, results: string): number[] {
  const types = (letters: string): number[] =>
    vector([...letters].map((letter) => [LETTERS[letter] ?? 0]));
  return [0x60, ...types(params), ...types(results)];
}

export function exported(label: string, kind: number, index: number): number[] {
  return [...name(label), kind, ...u32(index)];
}

function body(part: Pick<FunctionPart, "locals" | "code">): number[] {
  const locals = (part.locals ?? []).map(([count, type]) => [...u32(count), type]);
  const content = [...vector(locals), ...part.code, 0x0b];
  return [...u32(content.length), ...content];
}

/** Assembles a module; functions get a type of their own each. */
export function assemble(parts: ModuleParts): Uint8Array {
  const imports = parts.imports ?? [];
  const functions = parts.functions ?? [];
  const types = [...imports, ...functions, ...(parts.types ?? [])].map((part) =>
    functionType(part.params ?? "", part.results ?? ""),
  );
  const importEntries = imports.map((part, index) => [
    ...name(part.module),
    ...name(part.name),
    0x00,
    ...u32(index),
  ]);
  const exports = functions.flatMap((part, index) =>
    part.export === undefined ? [] : [exported(part.export, 0, imports.length + index)],
  );
  const contents: [number, Code][] = [
    [1, vector(types)],
    [2, vector(importEntries)],
    [3, vector(functions.map((_, index) => u32(imports.length + index)))],
    ...(parts.table === undefined ? [] : ([[4, parts.table]] as [number, Code][])),
    ...(parts.memory === null ? [] : ([[5, [1, ...(parts.memory ?? [0, 1])]]] as [number, Code][])),
    [6, vector(parts.globals ?? [])],
    [7, vector([...exports, ...(parts.exports ?? [])])],
    [9, vector(parts.elements ?? [])],
    [10, vector(functions.map(body))],
    [11, vector(parts.data ?? [])],
  ];
  const bytes = [...PREAMBLE, ...(parts.extra?.get(-1) ?? [])];
  for (const [id, content] of contents) {
    for (const byte of section(id, content)) bytes.push(byte);
    for (const byte of parts.extra?.get(id) ?? []) bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

/** What a component of the world carries besides its core module: exports and the build's sections. */
function componentTail(): number[] {
  const exports = ["init", "command", "query"].map((label) => [
    0x00,
    ...name(label),
    0x01,
    0,
    0x00,
  ]);
  const built = ["hermetic:abi", "hermetic:build"].map((label) => section(0, name(label)));
  return [...section(11, vector(exports)), ...built.flat()];
}

/** Wraps a core module, sections after it and the usual tail as a component. */
export function component(core: Uint8Array, ...after: readonly Code[]): Uint8Array {
  return bareComponent(core, ...after, componentTail());
}

/** A component of exactly these parts. */
export function bareComponent(core: Uint8Array, ...after: readonly Code[]): Uint8Array {
  const header = Uint8Array.from([...COMPONENT_PREAMBLE, 0x01, ...u32(core.length)]);
  const rest = Uint8Array.from(after.flat());
  const bytes = new Uint8Array(header.length + core.length + rest.length);
  bytes.set(header);
  bytes.set(core, header.length);
  bytes.set(rest, header.length + core.length);
  return bytes;
}
