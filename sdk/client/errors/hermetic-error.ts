/**
 * `HermeticError`: every failure that is not the contract's own.
 *
 * Its message says what happened, why, and what to do; it never holds keys, seeds or the text of
 * arguments.
 *
 * @module
 */
import type { Facts } from "#protocol/fault.ts";
import type { CallReport } from "#sdk/client/call/report.ts";
import type { ErrorKind } from "#sdk/client/errors/client-errors.ts";
import { explain } from "#sdk/client/explain.ts";

export interface HermeticErrorOptions {
  readonly kind: ErrorKind;
  /** What exactly, in a few words: becomes part of the message. */
  readonly detail?: string;
  readonly facts?: Facts;
  readonly call?: CallReport;
  readonly cause?: unknown;
}

export class HermeticError extends Error {
  /** What happened, in a sentence; `message` goes on with why, what to do and the code. */
  readonly summary: string;
  /** `HRM2101`: what `hermetic explain` takes. */
  readonly code: string;
  readonly kind: ErrorKind;
  /** Where this code is described. */
  readonly docs: string;
  /** Lengths, limits, versions: numbers that say more about this very case. */
  readonly facts: Facts;
  /** What is known of the call that failed, when an enclave has sealed that: gas, logs, panic, trace. */
  readonly call: CallReport | undefined;

  /** @param code - `HRM` and four digits; see `explain`. */
  constructor(code: string, options: HermeticErrorOptions) {
    const facts = options.facts ?? {};
    const cause = options.cause === undefined ? {} : { cause: options.cause };
    const summary = summaryOf(code, options.detail, facts);
    super([summary, ...adviceOf(code), `[${code}]`].join(" "), cause);
    this.name = "HermeticError";
    this.summary = summary;
    this.code = code;
    this.kind = options.kind;
    this.docs = `docs/errors.md#${code.toLowerCase()}`;
    this.facts = facts;
    this.call = options.call;
  }
}

function summaryOf(code: string, detail: string | undefined, facts: Facts): string {
  const numbers = Object.entries(facts).map(([name, value]) => `${name} ${value}`);
  const title = explain(code)?.title ?? "The worker refused with a code this client does not know";
  const what = [title, ...(detail === undefined ? [] : [detail])].join(": ");
  return `${what}${numbers.length === 0 ? "" : ` (${numbers.join(", ")})`}.`;
}

function adviceOf(code: string): string[] {
  const entry = explain(code);
  return entry === undefined ? [] : [entry.why, entry.fix];
}
