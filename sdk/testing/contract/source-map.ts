/**
 * Reads a contract's source map: from a byte offset in the core module to a line of its source.
 *
 * Source: ECMA-426, "Mappings" and "VLQ". A map of Wasm has one line, and its columns are offsets.
 *
 * @module
 */

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

interface SourceMap {
  readonly sources: readonly string[];
  readonly segments: readonly Segment[];
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const parsed = new Map<string, SourceMap>();

/** The source position of the instruction at an offset, if the map knows it. */
export function positionOf(map: string, offset: number): SourcePosition | undefined {
  let known = parsed.get(map);
  if (known === undefined) {
    known = parse(map);
    parsed.set(map, known);
  }
  const segment = known.segments.findLast((each) => each.offset <= offset);
  const file = segment && known.sources[segment.source];
  if (segment === undefined || file === undefined) return undefined;
  return { file, line: segment.line + 1, column: segment.column + 1 };
}

function parse(map: string): SourceMap {
  const { sources, mappings } = JSON.parse(map) as { sources: string[]; mappings: string };
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
  return { sources, segments };
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
