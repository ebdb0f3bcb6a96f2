/**
 * Lengths that a contract claims, held against their limits before anything is copied.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";

/**
 * Refuses a length over its limit.
 *
 * @param length - Bytes, or UTF-16 units of a text, as an unsigned number.
 * @throws {@link Fault} `REGION_TOO_LARGE`.
 */
export function checkLength(length: number, limit: number): void {
  if (length > limit) throw new Fault("REGION_TOO_LARGE", { length, limit });
}
