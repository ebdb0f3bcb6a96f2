/**
 * What a search for unlisted errors runs: one parser, its inputs, and what it may answer.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import type { FaultCode } from "#protocol/faults.ts";
import type { Tape } from "#test/support/random/tape.ts";

/** What the parser did with an input: took it, or refused it as it should. */
export type Verdict = "taken" | "refused";

export interface Target {
  readonly name: string;
  /** Its part of all inputs, as a whole number. */
  readonly share: number;
  /** Makes one input of the tape and parses it. @throws anything that is not a listed answer. */
  readonly run: (tape: Tape) => Verdict | Promise<Verdict>;
}

/** The answer did not hold against a second opinion. */
export function demand(holds: boolean, what: string, input: unknown): asserts holds {
  if (!holds) throw new Error(`${what}: ${JSON.stringify(input)}`);
}

/** Runs a parser that may throw this fault and no other. @returns Undefined if it did. */
export function orFault<T>(code: FaultCode, parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof Fault && error.code === code) return undefined;
    throw error;
  }
}
