/**
 * Checks of options that are numbers.
 *
 * @module
 */
import { clientError } from "#sdk/client/errors/client-error.ts";

/** @throws {@link HermeticError} `OPTION_INVALID` if it is not an integer from 0. */
export function countOption(name: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw clientError("OPTION_INVALID", `${name} is not a whole number from 0`);
  }
  return value;
}

/** @throws {@link HermeticError} `OPTION_INVALID` if it is not an integer from 0 to `max`. */
export function gasOption(value: number | undefined, max: number): number {
  const gas = countOption("gasLimit", value ?? max);
  if (gas > max) throw clientError("OPTION_INVALID", `gasLimit is over ${max}`);
  return gas;
}
