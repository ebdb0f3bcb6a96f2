/**
 * The test kit's own failures: number of each, and the error made of it.
 *
 * Words for them are in `sdk/client/explain/testkit.ts`.
 *
 * @module
 */
import { HermeticError } from "#sdk/client/errors/hermetic-error.ts";

/** Never reused. */
export const kitErrors = {
  HTTP_UNMOCKED: 5001,
  HTTP_UNUSED: 5002,
  HTTP_URL: 5003,
  HTTP_UNANSWERED: 5004,
  HTTP_REPLY: 5005,
  CONTRACT_NOT_FOUND: 5006,
  CONTRACT_AMBIGUOUS: 5007,
  TIME_BACKWARDS: 5008,
  CALL_ABANDONED: 5009,
  ENCLAVE_STOPPED: 5010,
  MATCHER_MISUSED: 5011,
  CALLER_NAME: 5012,
  FORK_UNKNOWN: 5013,
  WORLD_OPTION: 5014,
  NOT_DEPLOYED: 5015,
  NO_ARBITRARY: 5016,
  HTTP_RECORDING: 5017,
  HTTP_UNRECORDED: 5018,
  HTTP_UNPLAYED: 5019,
  HTTP_UNRECORDABLE: 5020,
  FORK_SEALED: 5021,
} as const;

export type KitErrorName = keyof typeof kitErrors;

export function kitError(name: KitErrorName, detail: string, cause?: unknown): HermeticError {
  return new HermeticError(`HRM${kitErrors[name]}`, {
    kind: name === "ENCLAVE_STOPPED" ? "internal" : "usage",
    detail,
    ...(cause === undefined ? {} : { cause }),
  });
}
