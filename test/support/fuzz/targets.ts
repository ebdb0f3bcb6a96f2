/**
 * The parsers of HTTP and egress that hostile input meets, in both halves of the boundary.
 *
 * @module
 */
import { addresses, grants, urls } from "#test/support/fuzz/addresses.ts";
import { redirects, secrets, sections } from "#test/support/fuzz/declared.ts";
import { fromEnclave, headers, toEnclave, transcripts } from "#test/support/fuzz/messages.ts";
import { answers, encodings } from "#test/support/fuzz/responses.ts";
import type { Target } from "#test/support/fuzz/target.ts";
import { tunnels } from "#test/support/fuzz/tunnels.ts";

export const targets: readonly Target[] = [
  urls,
  addresses,
  grants,
  toEnclave,
  fromEnclave,
  transcripts,
  headers,
  answers,
  encodings,
  tunnels,
  sections,
  redirects,
  secrets,
];

const lots: readonly Target[] = targets.flatMap((target) =>
  Array.from({ length: target.share }, () => target),
);

/** The target of the n-th input: each gets its share of any hundred. */
export function targetOf(n: number): Target {
  // A step that is prime to the number of lots visits all of them, the small shares spread out.
  return lots[(n * 37) % lots.length] ?? urls;
}
