/**
 * From a checked target to an open tunnel: resolve, check every address, connect to a checked one.
 *
 * One address in the set that is not allowed refuses the whole set, so a name that mixes public and
 * private answers (rebinding) gets nowhere. The connection order names the checked address, never
 * the host name. The worker process may still connect elsewhere: TLS must not be skipped.
 *
 * @module
 */
import type { HttpError } from "#protocol/http.ts";
import { formatAddress, parseAddress } from "./address.ts";
import { LOCALHOST_ADDRESSES, type Grants } from "./grants.ts";
import type { Tunnel, TunnelPower } from "./tunnel.ts";
import type { Target } from "./url.ts";

/** Addresses to try one after the other; more would not fit the deadline. */
const ATTEMPTS_MAX = 3;

export interface Dial {
  readonly outcome: Promise<Tunnel | HttpError>;
  /** Gives up; the outcome is then an error, or a tunnel that is already closed. */
  cancel(): void;
}

/** @param progress - Called after each step that went well. */
export function dial(
  power: TunnelPower,
  target: Target,
  grants: Grants,
  progress: () => void,
): Dial {
  let cancelled = false;
  let cancelStep = (): void => {};

  async function candidates(): Promise<readonly Uint8Array[] | HttpError> {
    if (target.address !== undefined) return allAllowed([target.address]);
    // No resolver is asked about it: RFC 6761 §6.3.
    if (target.host === "localhost") return someAllowed(LOCALHOST_ADDRESSES.map(parseAddress));
    const lookup = power.resolve(target.host);
    cancelStep = () => lookup.cancel();
    const untrustedAddresses = await lookup.untrustedAddresses;
    if (untrustedAddresses === undefined || untrustedAddresses.length === 0) return "dns";
    return allAllowed(untrustedAddresses.map(parseAddress));
  }

  function allAllowed(addresses: readonly (Uint8Array | undefined)[]): Uint8Array[] | HttpError {
    const allowed = someAllowed(addresses);
    return allowed.length === addresses.length ? allowed : "denied";
  }

  function someAllowed(addresses: readonly (Uint8Array | undefined)[]): Uint8Array[] {
    return addresses.filter(
      (address) => address !== undefined && grants.allows(target, address),
    ) as Uint8Array[]; // the filter drops the undefined ones
  }

  async function run(): Promise<Tunnel | HttpError> {
    const addresses = await candidates();
    if (typeof addresses === "string") return addresses;
    if (addresses.length === 0) return "denied";
    for (const address of addresses.slice(0, ATTEMPTS_MAX)) {
      if (cancelled) break;
      progress();
      const tunnel = power.connect(formatAddress(address), target.port);
      cancelStep = () => tunnel.destroy();
      if (await tunnel.opened) return tunnel;
    }
    return "connect";
  }

  return {
    outcome: run(),
    cancel: () => {
      cancelled = true;
      cancelStep();
    },
  };
}
