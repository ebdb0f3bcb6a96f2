/**
 * Labels that a contract gives to its keys and streams of randomness.
 *
 * @module
 */
import { LABEL_LENGTH_MAX } from "#protocol/limits.ts";
import { checkLength } from "#host/functions/lengths.ts";
import type { GuestMemory } from "#host/vm/memory.ts";

/**
 * Reads a label: well-formed UTF-16, compared unit by unit, with no normal form.
 *
 * @throws {@link Fault} `REGION_TOO_LARGE` over {@link LABEL_LENGTH_MAX} units.
 */
export function readLabel(memory: GuestMemory, pointer: number, length: number): string {
  const units = length >>> 0;
  checkLength(units, LABEL_LENGTH_MAX);
  return memory.readText(pointer, units);
}
