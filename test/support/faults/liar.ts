/**
 * A worker process that lies: it stands between an enclave and the real egress, and each connection
 * meets the lie of the server that it was ordered for.
 *
 * @module
 */
import type { EgressFromEnclave, EgressToEnclave } from "#protocol/egress.ts";
import type { Ground, Handled, Lie } from "#test/support/faults/lies.ts";

type Data = Extract<EgressToEnclave, { kind: "egress-data" }>;

export interface LiarOptions extends Ground {
  /** The lie about a server, by its port. */
  readonly byPort: ReadonlyMap<number, Lie>;
  /** Names under `lie.test` are those of lies: `no-address.lie.test`. */
  readonly byHost: ReadonlyMap<string, Lie>;
}

interface Connection {
  readonly lie: Lie;
  readonly seen: Data[];
}

export class Liar {
  readonly #options: LiarOptions;
  readonly #connections = new Map<number, Connection>();
  /** What each server said on the connection before. */
  readonly #earlier = new Map<Lie, readonly Data[]>();

  constructor(options: LiarOptions) {
    this.#options = options;
  }

  handle(message: EgressFromEnclave): Handled {
    const { byHost, byPort } = this.#options;
    if (message.kind === "egress-resolve") {
      const { id, host } = message;
      const addresses = byHost.get(host)?.addresses;
      return addresses
        ? { answer: { kind: "egress-resolved", id, addresses } }
        : { carry: message };
    }
    if (message.kind !== "egress-connect") return { carry: message };
    const lie = byPort.get(message.port);
    if (lie === undefined) return { carry: message };
    this.#connections.set(message.id, { lie, seen: [] });
    return lie.connect?.(message, this.#options) ?? { carry: message };
  }

  /** What the enclave is told instead. */
  tell(message: EgressToEnclave): readonly EgressToEnclave[] {
    const connection = this.#connections.get(message.id);
    if (connection === undefined) return [message];
    const { lie, seen } = connection;
    if (message.kind === "egress-end") return lie.end?.() ?? [message];
    if (message.kind !== "egress-data") return [message];
    seen.push(message);
    return lie.data?.(message, seen.length - 1, this.#earlier.get(lie)) ?? [message];
  }

  /** From now on, what servers said so far counts as said earlier. */
  remember(): void {
    for (const { lie, seen } of this.#connections.values()) {
      if (seen.length > 0) this.#earlier.set(lie, seen);
    }
  }
}
