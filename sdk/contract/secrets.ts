/**
 * Secrets that the contract's owner has sealed for it: keys of APIs, never known to the operator.
 *
 * @module
 */
import { secrets_get, secrets_reference } from "./imports";
import { liftString, RESULT } from "./memory";

export namespace secrets {
  /** The secret, or null if the owner has not set it. */
  export function get(name: string): string | null {
    secrets_get(changetype<usize>(name), name.length, RESULT);
    return lifted();
  }

  /**
   * Text that stands for the secret in a header of an HTTP request, as in `"Bearer " + secrets.ref("API_KEY")!`,
   * or null if the owner has not set it. The enclave puts the secret in its place on the way out; the
   * contract itself never holds it, so it can tell it to nobody else.
   */
  export function ref(name: string): string | null {
    secrets_reference(changetype<usize>(name), name.length, RESULT);
    return lifted();
  }
}

function lifted(): string | null {
  if (load<u8>(RESULT) == 0) return null;
  return liftString(load<usize>(RESULT, 4), load<u32>(RESULT, 8));
}
