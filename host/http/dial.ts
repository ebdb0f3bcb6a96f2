/**
 * From a checked target to an open tunnel: resolve, check every address, connect to a checked one.
 *
 * One address in the set that is not allowed refuses the whole set, so a name that mixes public and
 * private answers (rebinding) gets nowhere. The connection order names the checked address, never
 * the host name. The worker process may still connect elsewhere: TLS must not be skipped.
 *
 * Addresses of both families are tried in turn, each a moment after the one before, and the first that
 * answers wins (RFC 8305): a family that leads nowhere costs that moment and no more.
 *
 * @module
 */
import type { HttpError } from "#protocol/http.ts";
import { HTTP_NEXT_ADDRESS_MS } from "#protocol/limits.ts";
import { formatAddress, parseAddress } from "./address.ts";
import { LOCALHOST_ADDRESSES, type Grants } from "./grants.ts";
import type { Tunnel, TunnelPower } from "./tunnel.ts";
import type { Target } from "./url.ts";

/** Addresses that are tried: two of each family, where a name has both. */
const ATTEMPTS_MAX = 4;

export interface Dial {
  readonly outcome: Promise<Tunnel | HttpError>;
  /** Gives up, if there is no outcome yet. A tunnel that has become the outcome is its taker's. */
  cancel(): void;
}

/** Runs something after so many milliseconds. @returns Calls it off. */
export type After = (ms: number, run: () => void) => () => void;

export function dial(power: TunnelPower, target: Target, grants: Grants, after: After): Dial {
  const cancels = new Set<() => void>();
  let isCancelled = false;

  async function candidates(): Promise<readonly Uint8Array[] | HttpError> {
    if (target.address !== undefined) return allAllowed([target.address]);
    // No resolver is asked about it: RFC 6761 §6.3.
    if (target.host === "localhost") return someAllowed(LOCALHOST_ADDRESSES.map(parseAddress));
    const lookup = power.resolve(target.host);
    const cancel = (): void => lookup.cancel();
    cancels.add(cancel);
    const untrustedAddresses = await lookup.untrustedAddresses;
    cancels.delete(cancel);
    if (untrustedAddresses === undefined || untrustedAddresses.length === 0) return "dns";
    return allAllowed(untrustedAddresses.map(parseAddress));
  }

  function allAllowed(addresses: readonly (Uint8Array | undefined)[]): Uint8Array[] | HttpError {
    const allowed = someAllowed(addresses);
    return allowed.length === addresses.length ? allowed : "denied";
  }

  const someAllowed = (addresses: readonly (Uint8Array | undefined)[]): Uint8Array[] =>
    addresses.filter((each) => each !== undefined).filter((each) => grants.allows(target, each));

  /** The first of the addresses that takes a connection. */
  function race(addresses: readonly Uint8Array[]): Promise<Tunnel | HttpError> {
    const { promise, resolve } = Promise.withResolvers<Tunnel | HttpError>();
    const waiting = [...addresses];
    let open = 0;
    let callOff = (): void => {};
    let isWon = false;
    const next = (): void => {
      callOff();
      const address = waiting.shift();
      if (address === undefined || isWon || isCancelled) {
        if (open === 0 && !isWon) resolve("connect");
        return;
      }
      const tunnel = power.connect(formatAddress(address), target.port);
      const destroy = (): void => tunnel.destroy();
      cancels.add(destroy);
      open++;
      if (waiting.length > 0) callOff = after(HTTP_NEXT_ADDRESS_MS, next);
      void tunnel.opened.then((isOpen) => {
        open--;
        if (!isOpen) cancels.delete(destroy);
        if (!isOpen || isWon) return isWon ? destroy() : next();
        isWon = true;
        callOff();
        cancels.delete(destroy);
        for (const other of cancels) other();
        cancels.clear();
        return resolve(tunnel);
      });
    };
    cancels.add(() => callOff());
    next();
    return promise;
  }

  async function run(): Promise<Tunnel | HttpError> {
    const addresses = await candidates();
    if (typeof addresses === "string") return addresses;
    if (addresses.length === 0) return "denied";
    if (isCancelled) return "connect";
    return race(inTurns(addresses).slice(0, ATTEMPTS_MAX));
  }

  return {
    outcome: run(),
    cancel: () => {
      isCancelled = true;
      for (const cancel of cancels) cancel();
    },
  };
}

/** One address of each family after the other, the family that the resolver names first beginning: RFC 8305 §4. */
function inTurns(addresses: readonly Uint8Array[]): Uint8Array[] {
  const first = addresses.filter(({ length }) => length === addresses[0]?.length);
  const others = addresses.filter(({ length }) => length !== addresses[0]?.length);
  const turns = Array.from({ length: addresses.length }, (_, i) => [first[i], others[i]]);
  return turns.flat().filter((address) => address !== undefined);
}
