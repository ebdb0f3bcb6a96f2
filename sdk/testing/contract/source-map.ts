/**
 * Reads a contract's source map: from a byte offset in the core module to a line of its source.
 *
 * Source: ECMA-426, "Mappings" and "VLQ". A map of Wasm has one line, and its columns are offsets.
 *
 * @module
 */
import { FUNCTIONS_FIELD, shownName, type FunctionTable } from "#sdk/transform/function-names.ts";
import { SPANS_FIELD, type FunctionSpan } from "#sdk/transform/function-span.ts";

export interface SourcePosition {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

interface Segment {
  readonly offset: number;
  readonly source: number;
  readonly line: number;
  readonly column: number;
}

export interface SourceMap {
  readonly sources: readonly string[];
  /** Functions of the module. */
  readonly functions: FunctionTable;
  /** Functions as their author has written them. */
  readonly spans: readonly FunctionSpan[];
  readonly segments: readonly Segment[];
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const parsed = new Map<string, SourceMap>();

/** The source position of the instruction at an offset, if the map knows it. */
export function positionOf(map: string, offset: number): SourcePosition | undefined {
  const known = sourceMapOf(map);
  const segment = known.segments.findLast((each) => each.offset <= offset);
  const file = segment && known.sources[segment.source];
  if (segment === undefined || file === undefined) return undefined;
  return { file, line: segment.line + 1, column: segment.column + 1 };
}

/** A map's content; parsed once. */
export function sourceMapOf(map: string): SourceMap {
  let known = parsed.get(map);
  if (known === undefined) {
    known = parse(map);
    parsed.set(map, known);
  }
  return known;
}

/** The function of the module that holds the instruction at an offset: where it begins, and its name. */
export function functionAt(
  { functions }: SourceMap,
  offset: number,
): { readonly start: number; readonly name: string | undefined } {
  const [start = 0, name] = functions.findLast(([begin]) => begin <= offset) ?? [];
  return { start, name: shownName(name) };
}

/** Positions of the code between two offsets, the last first. */
export function* positionsBefore(
  { segments, sources }: SourceMap,
  offset: number,
  start: number,
): Iterable<SourcePosition> {
  for (let index = segments.findLastIndex((each) => each.offset <= offset); index >= 0; index--) {
    const segment = segments[index];
    if (segment === undefined || segment.offset < start) return;
    const file = sources[segment.source] ?? "";
    yield { file, line: segment.line + 1, column: segment.column + 1 };
  }
}

interface MapText {
  readonly sources: readonly string[];
  readonly mappings: string;
  readonly [FUNCTIONS_FIELD]?: FunctionTable;
  readonly [SPANS_FIELD]?: readonly FunctionSpan[];
}

function parse(map: string): SourceMap {
  const parts = JSON.parse(map) as MapText;
  const { sources, mappings, [FUNCTIONS_FIELD]: functions = [], [SPANS_FIELD]: spans = [] } = parts;
  const at = { offset: 0, source: 0, line: 0, column: 0 };
  const segments: Segment[] = [];
  for (const text of mappings.split(",")) {
    const [offset = 0, source, line = 0, column = 0] = numbersOf(text);
    at.offset += offset;
    if (source === undefined) continue;
    at.source += source;
    at.line += line;
    at.column += column;
    segments.push({ ...at });
  }
  return { sources, segments, functions, spans };
}

/** Base64 digits of five bits, least significant first; bit 5 says that more follow, bit 0 is the sign. */
function numbersOf(text: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const letter of text) {
    const digit = DIGITS.indexOf(letter);
    value += (digit & 31) * 2 ** shift;
    shift += 5;
    if (digit >= 32) continue;
    numbers.push(value % 2 === 1 ? -(value - 1) / 2 : value / 2);
    value = 0;
    shift = 0;
  }
  return numbers;
}
