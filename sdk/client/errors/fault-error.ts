/**
 * Makes the error of a fault: one that the enclave sealed for us, or one in the clear.
 *
 * A fault in the clear is written by the worker process, which may lie. Its numbers are shown, its
 * words are not, and it is never taken as proof that a command did not run.
 *
 * @module
 */
import type { ClearFault } from "#protocol/api.ts";
import { faults, readableCode } from "#protocol/faults.ts";
import type { Outcome } from "#protocol/reply.ts";
import type { CallReport } from "#sdk/client/call/report.ts";
import { HermeticError } from "#sdk/client/errors/hermetic-error.ts";
import { printable } from "#sdk/client/errors/printable.ts";

const FACT_NAME = /^[A-Za-z][A-Za-z0-9]{0,31}$/;

/** `HRM1NNN` of a fault in a sealed reply. */
export function faultError(
  outcome: Extract<Outcome, { kind: "fault" }>,
  call: CallReport,
): HermeticError {
  const { panic } = outcome;
  const text = printable(panic?.text ?? "");
  // What the SDK itself gives up on has no place of its own.
  const place =
    panic === undefined || panic.file === "" ? "" : ` at ${printable(panic.file)}:${panic.line}`;
  return new HermeticError(readableCode(faults[outcome.code].number), {
    kind: "fault",
    facts: outcome.facts,
    call,
    ...(panic === undefined ? {} : { detail: `${text}${place}` }),
  });
}

/** `HRM1NNN` of the enclave or `HRM4NNN` of the worker process, told in the clear. */
export function clearFaultError(untrustedFault: ClearFault): HermeticError {
  const { number } = untrustedFault;
  const facts = Object.fromEntries(
    Object.entries(untrustedFault.facts).filter(
      ([name, value]) => FACT_NAME.test(name) && Number.isFinite(value),
    ),
  );
  return new HermeticError(readableCode(number), { kind: "fault", facts });
}
