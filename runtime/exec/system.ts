/**
 * Single values of the system namespace.
 *
 * @module
 */
import { equalBytes, utf8 } from "#protocol/bytes.ts";
import type { StateReader } from "#host/state/reader.ts";

/** Public key of the enclave whose boot entry is the newest: the only one that may serve. */
export const servingKey: Uint8Array = utf8("serving");

/** Whether the enclave with that key is the one that may serve. */
export function mayServe(system: StateReader, workerKey: Uint8Array): boolean {
  const serving = system.get(servingKey);
  return serving !== undefined && equalBytes(serving, workerKey);
}
