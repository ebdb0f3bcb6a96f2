/**
 * How numeric instructions are written down: runs of opcodes, each with what it computes.
 *
 * @module
 */
import { Trapped, type Value } from "#test/support/interpreter/values.ts";

export interface Numeric {
  readonly arity: number;
  readonly run: (a: Value, b: Value) => Value;
}

export type Entry = [number, Numeric];

export function unary<A>(first: number, ...runs: ((a: A) => Value | boolean)[]): Entry[] {
  return runs.map((run, index) => [first + index, { arity: 1, run: (a) => tidy(run(a as A)) }]);
}

export function binary<A>(first: number, ...runs: ((a: A, b: A) => Value | boolean)[]): Entry[] {
  return runs.map((run, index) => [
    first + index,
    { arity: 2, run: (a, b) => tidy(run(a as A, b as A)) },
  ]);
}

function tidy(value: Value | boolean): Value {
  return typeof value === "boolean" ? Number(value) : value;
}

export function trapUnless(condition: boolean, reason: string): void {
  if (!condition) throw new Trapped("TRAP", reason);
}
