/**
 * Secrets that the contract's owner has sealed for it: keys of APIs, never known to the operator.
 *
 * @module
 */
import { secrets_get } from "./imports";
import { liftString, RESULT } from "./memory";

export namespace secrets {
  /** The secret, or null if the owner has not set it. */
  export function get(name: string): string | null {
    secrets_get(changetype<usize>(name), name.length, RESULT);
    if (load<u8>(RESULT) == 0) return null;
    return liftString(load<usize>(RESULT, 4), load<u32>(RESULT, 8));
  }
}
