/**
 * Makes a failure of the client itself, by name.
 *
 * @module
 */
import { clientErrors, type ClientErrorName } from "#sdk/client/errors/client-errors.ts";
import { HermeticError, type HermeticErrorOptions } from "#sdk/client/errors/hermetic-error.ts";

/** @param detail - What exactly, in a few words; never a secret. */
export function clientError(
  name: ClientErrorName,
  detail?: string,
  options: Omit<HermeticErrorOptions, "kind" | "detail"> = {},
): HermeticError {
  const { number, kind } = clientErrors[name];
  return new HermeticError(`HRM${number}`, {
    ...options,
    kind,
    ...(detail === undefined ? {} : { detail }),
  });
}
