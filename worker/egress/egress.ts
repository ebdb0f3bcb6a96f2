/**
 * Egress for the enclave: names to addresses, and raw TCP to the address it orders.
 *
 * This side is untrusted and cannot read what it carries. It limits how many sockets and lookups
 * the enclave can make it hold.
 *
 * @module
 */
import { isIP } from "node:net";
import type { EgressFromEnclave, EgressToEnclave } from "#protocol/egress.ts";
import { HTTP_IDLE_MAX, HTTP_OPEN_MAX } from "#protocol/limits.ts";
import { Names } from "./names.ts";
import { EgressSocket } from "./socket.ts";

export interface Egress {
  /** Takes one parsed message of the enclave. */
  receive(message: EgressFromEnclave): void;
  /** Closes every socket and forgets every lookup. */
  dispose(): void;
}

export interface EgressOptions {
  readonly connectMs?: number;
  readonly lookupMs?: number;
  readonly socketsMax?: number;
  /** Where names are looked up, if not where the machine does it. */
  readonly nameServers?: readonly string[];
  readonly hostsFile?: string;
}

/** Below the enclave's stall deadline, so that a second address can still be tried. */
const CONNECT_MS = 3_000;
const LOOKUP_MS = 5_000;
/** What the enclave has open and at rest, with room for closing ones, which overlap with new ones. */
const SOCKETS_MAX = HTTP_OPEN_MAX + 2 * HTTP_IDLE_MAX;

/** @param send - Hands one message to the enclave's pipe; must not throw. */
export function createEgress(
  send: (message: EgressToEnclave) => void,
  {
    connectMs = CONNECT_MS,
    lookupMs = LOOKUP_MS,
    socketsMax = SOCKETS_MAX,
    ...where
  }: EgressOptions = {},
): Egress {
  const names = new Names({ lookupMs, ...where });
  const sockets = new Map<number, EgressSocket>();
  const lookups = new Map<number, () => void>();

  function resolve(id: number, host: string): void {
    const forget = names.resolve(host, (addresses) => {
      lookups.delete(id);
      send({ kind: "egress-resolved", id, addresses });
    });
    lookups.set(id, forget);
  }

  function connect(id: number, address: string, port: number): void {
    if (sockets.size >= socketsMax || sockets.has(id) || isIP(address) === 0) {
      send({ kind: "egress-error", id });
      return;
    }
    const closed = (): void => void sockets.delete(id);
    sockets.set(id, new EgressSocket({ id, address, port, connectMs, send, closed }));
  }

  function close(id: number): void {
    sockets.get(id)?.destroy();
    lookups.get(id)?.();
    lookups.delete(id);
  }

  return {
    receive(message) {
      switch (message.kind) {
        case "egress-resolve":
          return resolve(message.id, message.host);
        case "egress-connect":
          return connect(message.id, message.address, message.port);
        case "egress-close":
          return close(message.id);
        default:
          return sockets.get(message.id)?.receive(message);
      }
    },
    dispose() {
      for (const id of [...sockets.keys(), ...lookups.keys()]) close(id);
    },
  };
}
