/**
 * The enclave's side of egress: lookups and tunnels over one message channel.
 *
 * Answers come from the worker process. One that nobody waits for is dropped; one of the wrong kind
 * fails its own lookup or tunnel and no other.
 *
 * @module
 */
import type { EgressFromEnclave, EgressToEnclave } from "#protocol/egress.ts";
import { EgressTunnel } from "./egress-tunnel.ts";
import type { Lookup, TunnelPower } from "./tunnel.ts";

export interface Egress {
  readonly power: TunnelPower;
  /** Takes one parsed message of the worker process. */
  receive(message: EgressToEnclave): void;
  /** Fails everything that is under way. */
  dispose(): void;
}

interface Receiver {
  receive(message: EgressToEnclave): void;
  dispose(): void;
}

/** @param send - Hands one message to the pipe; must not throw. */
export function createEgress(send: (message: EgressFromEnclave) => void): Egress {
  const receivers = new Map<number, Receiver>();
  let nextId = 1;

  function resolve(host: string): Lookup {
    const id = nextId++;
    let settle!: (addresses: readonly string[] | undefined) => void;
    const untrustedAddresses = new Promise<readonly string[] | undefined>((done) => {
      settle = done;
    });
    const finish = (addresses?: readonly string[]): void => {
      if (receivers.delete(id)) settle(addresses);
    };
    const cancel = (): void => {
      if (!receivers.has(id)) return;
      send({ kind: "egress-close", id });
      finish();
    };
    receivers.set(id, {
      receive: (message) =>
        finish(message.kind === "egress-resolved" ? message.addresses : undefined),
      dispose: cancel,
    });
    send({ kind: "egress-resolve", id, host });
    return { untrustedAddresses, cancel };
  }

  function connect(address: string, port: number): EgressTunnel {
    const id = nextId++;
    const tunnel = new EgressTunnel(id, send, () => receivers.delete(id));
    receivers.set(id, {
      receive: (message) => tunnel.receive(message),
      dispose: () => tunnel.receive({ kind: "egress-error", id }),
    });
    send({ kind: "egress-connect", id, address, port });
    return tunnel;
  }

  return {
    power: { resolve, connect },
    receive: (message) => receivers.get(message.id)?.receive(message),
    dispose: () => {
      for (const receiver of receivers.values()) receiver.dispose();
    },
  };
}
