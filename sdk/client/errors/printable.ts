/**
 * Text of others, made harmless for a terminal or a log.
 *
 * Panic texts come from contracts and fact names from worker processes: a control character in them
 * could rewrite what a reader sees.
 *
 * @module
 */

const LENGTH_MAX = 2000;
// Control characters, line separators and the marks that change the direction of text.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** The text with control characters as `\u{…}`, cut at 2,000 characters. */
export function printable(untrustedText: string): string {
  const cut =
    untrustedText.length > LENGTH_MAX ? `${untrustedText.slice(0, LENGTH_MAX)}…` : untrustedText;
  return cut.replace(UNPRINTABLE, (mark) => `\\u{${(mark.codePointAt(0) ?? 0).toString(16)}}`);
}
