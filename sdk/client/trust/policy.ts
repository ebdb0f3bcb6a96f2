/**
 * Which enclaves a client is willing to talk to.
 *
 * Without a policy a client accepts genuine evidence only; simulated evidence always needs a word from
 * the user.
 *
 * @module
 */
import { fromHex } from "#protocol/bytes.ts";
import { clientError } from "#sdk/client/errors/client-error.ts";

export interface TrustOptions {
  /** Measurements to accept, 32 bytes or 64 hexadecimal digits each. Left out: any. */
  readonly measurements?: readonly (string | Uint8Array)[];
  /** Accept a simulated enclave, which protects nothing from the machine's owner. For development. */
  readonly allowSimulated?: boolean;
}

export interface TrustPolicy {
  readonly measurements: readonly Uint8Array[] | undefined;
  readonly allowSimulated: boolean;
}

const MEASUREMENT_BYTES = 32;

/** @throws {@link HermeticError} `OPTION_INVALID` for a measurement that is not 32 bytes. */
export function parsePolicy(options: TrustOptions): TrustPolicy {
  return {
    measurements: options.measurements?.map(measurementBytes),
    allowSimulated: options.allowSimulated === true,
  };
}

function measurementBytes(value: string | Uint8Array): Uint8Array {
  const bytes = typeof value === "string" ? fromHex(value) : value;
  if (bytes?.length !== MEASUREMENT_BYTES) {
    throw clientError("OPTION_INVALID", "trust.measurements has an item that is not 32 bytes");
  }
  return bytes;
}
