/**
 * `Fault`: an expected failure that may leave the enclave.
 *
 * Its message is its code and its facts are numbers: there is no place in it for a secret to hide.
 *
 * @module
 */
import { faults, type FaultCode, type Side } from "#protocol/faults.ts";

/** Numbers a reader may learn: lengths, limits, versions. Never a value read from contract state. */
export type Facts = Readonly<Record<string, number>>;

export class Fault extends Error {
  readonly code: FaultCode;
  readonly facts: Facts;

  constructor(code: FaultCode, facts: Facts = {}) {
    super(code);
    this.name = "Fault";
    this.code = code;
    this.facts = facts;
  }

  get number(): number {
    return faults[this.code].number;
  }

  get side(): Side {
    return faults[this.code].side;
  }
}
