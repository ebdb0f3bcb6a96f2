/**
 * Labels that a contract gives to its keys and streams of randomness.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { LABEL_LENGTH_MAX } from "#protocol/limits.ts";
import type { GuestMemory } from "#host/vm/memory.ts";

/**
 * Reads a label: well-formed UTF-16, compared unit by unit, with no normal form.
 *
 * @throws {@link Fault} `REGION_TOO_LARGE` over {@link LABEL_LENGTH_MAX} units.
 */
export function readLabel(memory: GuestMemory, pointer: number, length: number): string {
  const units = length >>> 0;
  if (units > LABEL_LENGTH_MAX) {
    throw new Fault("REGION_TOO_LARGE", { length: units, limit: LABEL_LENGTH_MAX });
  }
  return memory.readText(pointer, units);
}
