/**
 * Byte form of the facts of a fault: pairs of a name and a number.
 *
 * The one place that reads them: every message that can carry a fault allows the same few.
 *
 * @module
 */
import type { Facts } from "#protocol/fault.ts";
import { NAME_LENGTH_MAX } from "#protocol/limits.ts";
import type { Fields } from "#protocol/shape.ts";

/** Facts of one fault: the most telling have four. */
const FACTS_MAX = 16;

/** As nested plain values, for a message that is packed as a whole. */
export function plainFacts(facts: Facts): (readonly [name: string, value: number])[] {
  return Object.entries(facts);
}

/** @throws {@link Fault} of the reader's code for anything but a few names with finite numbers. */
export function parseFacts(fields: Fields): Facts {
  return Object.fromEntries(
    fields.list(FACTS_MAX, (list) =>
      list.nested((fact) => [fact.text(NAME_LENGTH_MAX), fact.number()] as const),
    ),
  );
}
