/**
 * The client's own failures: number and kind of each. Words for them are in `explain/client.ts`.
 *
 * Codes by hundreds: 20xx the caller's input, 21xx trust, 23xx reaching the worker, 29xx the client
 * itself. Never reused.
 *
 * @module
 */

/**
 * What a program can do about a failure: correct the input, distrust the worker, try later, look at the
 * call, or report a bug. The command turns it into its exit code.
 */
export type ErrorKind = "usage" | "trust" | "unreachable" | "fault" | "internal";

export const clientErrors = {
  VALUE_INVALID: { number: 2001, kind: "usage" },
  METHOD_UNKNOWN: { number: 2002, kind: "usage" },
  ARTEFACT_INVALID: { number: 2003, kind: "usage" },
  ADDRESS_INVALID: { number: 2004, kind: "usage" },
  KEY_INVALID: { number: 2005, kind: "usage" },
  OPTION_INVALID: { number: 2006, kind: "usage" },
  ABI_INVALID: { number: 2007, kind: "usage" },
  ABI_MISMATCH: { number: 2008, kind: "usage" },
  LAYOUT_CHANGED: { number: 2009, kind: "usage" },

  SIMULATED_REFUSED: { number: 2101, kind: "trust" },
  MEASUREMENT_REFUSED: { number: 2102, kind: "trust" },
  EVIDENCE_INVALID: { number: 2103, kind: "trust" },
  EVIDENCE_FOREIGN: { number: 2104, kind: "trust" },
  CLUSTER_NAME: { number: 2105, kind: "trust" },
  CLUSTER_CHANGED: { number: 2106, kind: "trust" },
  CLUSTER_KEY: { number: 2107, kind: "trust" },
  REPLY_UNOPENED: { number: 2108, kind: "trust" },
  REPLY_MALFORMED: { number: 2109, kind: "trust" },
  REPLY_SIGNATURE: { number: 2110, kind: "trust" },
  ROLLBACK: { number: 2111, kind: "trust" },
  FORK: { number: 2112, kind: "trust" },
  CODE_CHANGED: { number: 2113, kind: "trust" },

  UNREACHABLE: { number: 2301, kind: "unreachable" },
  TIMED_OUT: { number: 2302, kind: "unreachable" },
  OUTCOME_UNKNOWN: { number: 2303, kind: "unreachable" },
  NOT_A_WORKER: { number: 2304, kind: "unreachable" },
  BEHIND: { number: 2305, kind: "unreachable" },
  CANCELLED: { number: 2306, kind: "unreachable" },

  UNEXPECTED: { number: 2901, kind: "internal" },
} as const satisfies Record<string, { readonly number: number; readonly kind: ErrorKind }>;

export type ClientErrorName = keyof typeof clientErrors;
