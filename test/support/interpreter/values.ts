/**
 * Values of the reference interpreter, and how it stops.
 *
 * @module
 */

/** i32 as a signed number, i64 as a signed BigInt, floats as numbers. */
export type Value = number | bigint;

export type TrapKind = "TRAP" | "OUT_OF_GAS" | "STACK_OVERFLOW";

export class Trapped extends Error {
  readonly kind: TrapKind;

  /** @param reason - Of a `TRAP`: what the core test suite calls it. */
  constructor(kind: TrapKind, reason: string = "") {
    super(reason);
    this.kind = kind;
  }
}
