/**
 * Where a function of the author's stands, as the source map tells whoever reads a stack.
 *
 * Apart from how it is found: readers need no compiler.
 *
 * @module
 */

/** Line and column, both from 1. */
export type Point = readonly [line: number, column: number];

export interface FunctionSpan {
  /** Path inside the program. */
  readonly file: string;
  /** `Class.method`, or the function's own name. */
  readonly name: string;
  readonly from: Point;
  readonly to: Point;
  /** Calls in it: the last part of the name, and where it stands. */
  readonly calls: readonly (readonly [name: string, line: number, column: number])[];
}

/** Field of the source map. */
export const SPANS_FIELD = "x_hermetic_spans";
