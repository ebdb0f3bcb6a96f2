/**
 * What an estimate tells of a command that was not run in earnest: how it would end, and about what gas.
 *
 * No value, no error's name or fields, no event and no log. Nobody pays for an estimate and nothing
 * counts it, so whatever it told, anybody could try again and again: every guess at a secret that a
 * command checks. For the same reason gas is told in coarse steps.
 *
 * @module
 */
import { integer, pack } from "#protocol/codec.ts";
import { faults, type FaultCode } from "#protocol/faults.ts";
import { COMMAND_GAS_MAX } from "#protocol/limits.ts";
import { faultCode } from "#protocol/reply.ts";
import { Fields } from "#protocol/shape.ts";

export interface Estimate {
  /** How it would end: with a value, with a typed failure of the contract, or with a fault. */
  readonly outcome: "returned" | "failed" | FaultCode;
  /** Gas, rounded up by {@link coarseGas}. */
  readonly gas: number;
}

/** Steps from one power of two to the next: each is an eighth to a quarter of what it is added to. */
const STEPS = 4;

/** Gas rounded up to the next step, at most what a command can have. */
export function coarseGas(gas: number): number {
  let step = 1;
  while (gas / step > 2 * STEPS) step *= 2;
  return Math.min(Math.ceil(gas / step) * step, COMMAND_GAS_MAX);
}

const kinds = ["returned", "failed"] as const;

export function encodeEstimate({ outcome, gas }: Estimate): Uint8Array {
  const kind = kinds.findIndex((each) => each === outcome);
  if (kind >= 0) return pack([kind, 0, integer(gas)]);
  return pack([kinds.length, faults[outcome as FaultCode].number, integer(gas)]);
}

/** @throws {@link Fault} `MESSAGE_MALFORMED` for any other shape. */
export function parseEstimate(bytes: Uint8Array): Estimate {
  const fields = Fields.parse(bytes, "MESSAGE_MALFORMED");
  const kind = kinds[fields.integer(kinds.length)];
  const number = fields.integer();
  const outcome = kind ?? faultCode(number);
  const gas = fields.integer();
  fields.end();
  return { outcome, gas };
}
