/**
 * Single values of the system namespace.
 *
 * @module
 */
import { utf8 } from "#protocol/bytes.ts";
import { integer, pack } from "#protocol/codec.ts";
import { Fields } from "#protocol/shape.ts";
import type { StateReader } from "#host/state/reader.ts";

/** Height of the newest boot entry: the boot epoch of the enclave that may serve. */
export const bootEpochKey: Uint8Array = utf8("boot-epoch");

export function encodeBootEpoch(bootEpoch: number): Uint8Array {
  return pack([integer(bootEpoch)]);
}

/** Zero before the first start. */
export function bootEpochOf(system: StateReader): number {
  const stored = system.get(bootEpochKey);
  if (stored === undefined) return 0;
  const fields = Fields.parse(stored, "SEAL_BROKEN");
  const bootEpoch = fields.integer();
  fields.end();
  return bootEpoch;
}
