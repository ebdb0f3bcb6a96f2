/**
 * What a contract may ask of the outside world, as text for people.
 *
 * @module
 */
import type { ContractGrant } from "#sdk/client/index.ts";
import { shown } from "#worker/cli/terminal.ts";

/** One line for each origin that the contract may ask, or that it may ask none. */
export function grantLines(grants: readonly ContractGrant[]): string[] {
  if (grants.length === 0) return ["asks      nobody outside"];
  return grants.map((grant) => {
    const { origin, methods, headers, requestBytes, responseBytes, redirects, perMinute } = grant;
    const parts = [
      methods.join(" "),
      `${perMinute} a minute`,
      `${requestBytes} bytes out, ${responseBytes} in`,
      ...(headers.length > 0 ? [`headers ${headers.map(shown).join(" ")}`] : []),
      ...(redirects === "none" ? [] : [`redirects ${redirects}`]),
      ...(grant.pins.length > 0 ? [`${grant.pins.length} pinned keys`] : []),
    ];
    return `asks      ${shown(origin)}: ${parts.join(", ")}`;
  });
}
