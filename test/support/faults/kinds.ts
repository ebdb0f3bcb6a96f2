/**
 * Every way in which a server can fail a contract, in the order of a request's life.
 *
 * @module
 */
import { bodies } from "#test/support/faults/bodies.ts";
import { chains } from "#test/support/faults/chains.ts";
import { connections } from "#test/support/faults/connections.ts";
import { framing } from "#test/support/faults/framing.ts";
import type { FaultKind } from "#test/support/faults/kind.ts";
import { redirects } from "#test/support/faults/redirects.ts";
import { silence } from "#test/support/faults/silence.ts";

export const faultGroups: ReadonlyMap<string, readonly FaultKind[]> = new Map([
  ["No safe connection", connections],
  ["Not the server that was named", chains],
  ["Silence and broken connections", silence],
  ["No answer in HTTP", framing],
  ["Too much", bodies],
  ["Redirects", redirects],
]);

export const faultKinds: readonly FaultKind[] = [...faultGroups.values()].flat();
