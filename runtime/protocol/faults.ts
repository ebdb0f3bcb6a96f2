/**
 * The fault table: every expected failure, its number and who broke the rules.
 *
 * A fault carries a code and numbers, never text, so that no error can leak what a contract holds.
 *
 * @module
 */

/** Who broke the rules: decides the fate of the call (refuse · charge and revert · stop serving · abort). */
export type Side = "client" | "contract" | "operator" | "enclave";

/** Codes by hundreds: 1xx envelope, 2xx session, 3xx execution, 4xx state, 5xx seal and log. Never reused. */
export const faults = {
  ENVELOPE_TOO_LARGE: { number: 101, side: "client" },
  ENVELOPE_MALFORMED: { number: 102, side: "client" },
  ENVELOPE_KIND: { number: 103, side: "client" },
  ENVELOPE_CLUSTER: { number: 104, side: "client" },
  ENVELOPE_EPOCH: { number: 105, side: "client" },
  ENVELOPE_UNOPENED: { number: 106, side: "client" },
  MESSAGE_MALFORMED: { number: 107, side: "operator" },

  SESSION_UNKNOWN: { number: 201, side: "client" },
  SESSION_REPLAYED: { number: 202, side: "client" },
  SESSION_SEQUENCE_OLD: { number: 203, side: "client" },
  SESSION_CERTIFICATE: { number: 204, side: "client" },
  SESSION_LIMIT: { number: 205, side: "client" },
  SESSION_KEY: { number: 206, side: "client" },

  OUT_OF_GAS: { number: 301, side: "contract" },
  STACK_OVERFLOW: { number: 302, side: "contract" },
  MEMORY_OUT_OF_BOUNDS: { number: 303, side: "contract" },
  TRAP: { number: 304, side: "contract" },
  PANIC: { number: 305, side: "contract" },
  METHOD_UNKNOWN: { number: 306, side: "client" },
  ARGUMENTS_MALFORMED: { number: 307, side: "client" },
  CALLER_REFUSED: { number: 308, side: "client" },
  MODE_REFUSED: { number: 309, side: "contract" },
  REGION_TOO_LARGE: { number: 310, side: "contract" },
  LIFT_BUDGET: { number: 311, side: "contract" },
  REENTRY_REFUSED: { number: 312, side: "contract" },
  RESULT_TOO_LARGE: { number: 313, side: "contract" },
  EVENTS_LIMIT: { number: 314, side: "contract" },
  ABI_VIOLATION: { number: 315, side: "contract" },
  CALL_TIMEOUT: { number: 316, side: "contract" },
  BUSY: { number: 317, side: "client" },
  HTTP_REPLAY_MISMATCH: { number: 318, side: "contract" },
  HTTP_LIMIT: { number: 319, side: "contract" },
  CONTRACT_UNKNOWN: { number: 321, side: "client" },
  CONTRACT_EXISTS: { number: 322, side: "client" },
  TIME_REFUSED: { number: 323, side: "operator" },
  MEMORY_EXHAUSTED: { number: 324, side: "enclave" },
  EGRESS_CONFIG: { number: 325, side: "operator" },
  CALL_DEPTH: { number: 326, side: "contract" },
  CALLS_LIMIT: { number: 327, side: "contract" },
  CALL_REENTRANT: { number: 328, side: "contract" },
  CODE_UNKNOWN: { number: 330, side: "client" },
  CODE_REPLACED: { number: 331, side: "client" },
  OWNER_ONLY: { number: 332, side: "client" },
  VERSION_OLD: { number: 333, side: "client" },
  UPGRADES_LIMIT: { number: 334, side: "client" },
  CONTRACT_FROZEN: { number: 335, side: "client" },
  CONTRACT_DESTROYED: { number: 336, side: "client" },
  SCHEDULE_LIMIT: { number: 337, side: "contract" },
  CRYPTO_INPUT: { number: 338, side: "contract" },

  MODULE_MALFORMED: { number: 340, side: "client" },
  MODULE_TOO_LARGE: { number: 341, side: "client" },
  MODULE_IMPORT: { number: 342, side: "client" },
  MODULE_EXPORT: { number: 343, side: "client" },
  MODULE_OPCODE: { number: 344, side: "client" },
  MODULE_LIMIT: { number: 345, side: "client" },
  MODULE_START: { number: 346, side: "client" },
  MODULE_MEMORY: { number: 347, side: "client" },
  MODULE_TABLE: { number: 348, side: "client" },
  MODULE_INVALID: { number: 349, side: "client" },
  COMPONENT_MALFORMED: { number: 350, side: "client" },
  COMPONENT_GRANTS: { number: 351, side: "client" },

  STATE_KEY: { number: 401, side: "contract" },
  STATE_VALUE: { number: 402, side: "contract" },
  STATE_WRITE_SET: { number: 403, side: "contract" },
  STATE_FULL: { number: 404, side: "contract" },
  STATE_SCAN: { number: 405, side: "contract" },

  SEAL_STALE: { number: 501, side: "operator" },
  SEAL_BROKEN: { number: 502, side: "operator" },
  SEAL_MISSING: { number: 503, side: "operator" },
  SEAL_VERSION: { number: 505, side: "operator" },
  LOG_TRUNCATED: { number: 506, side: "operator" },
  LOG_ENTRY_BROKEN: { number: 507, side: "operator" },
  LOG_DIVERGED: { number: 508, side: "operator" },
} as const;

export type FaultCode = keyof typeof faults;

/** From here on numbers are the worker process's own. */
const WORKER_NUMBERS = 4000;

/** What people look up: `HRM1NNN` for a fault of the enclave, `HRM4NNN` for one of the worker process. */
export function readableCode(number: number): string {
  return `HRM${number < WORKER_NUMBERS ? 1000 + number : number}`;
}
