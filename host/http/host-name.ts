/**
 * Host names: the one rule for what is a name, shared by URLs and grants.
 *
 * Only ASCII letters, digits and hyphens (punycode included), so nothing is mapped or folded on the
 * way to the resolver. A name that ends in a number is refused, because other parsers take it for
 * an address (`127.1`, `2130706433`, `0x7f.1`).
 *
 * @module
 */
import { HOST_NAME_LENGTH_MAX } from "#protocol/limits.ts";

/** Tested before case is folded: some non-ASCII letters fold to ASCII ones. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;
/** WHATWG URL, "ends in a number checker". */
const NUMBER = /^(?:[0-9]+|0x[0-9a-f]*)$/i;

/** The name in lower case, or nothing when it is not one. A trailing dot is refused. */
export function parseHostName(untrustedText: string): string | undefined {
  if (untrustedText.length > HOST_NAME_LENGTH_MAX) return undefined;
  const labels = untrustedText.split(".");
  if (!labels.every((label) => LABEL.test(label))) return undefined;
  return NUMBER.test(labels.at(-1) as string) ? undefined : untrustedText.toLowerCase();
}
