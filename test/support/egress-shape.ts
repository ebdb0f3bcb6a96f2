/**
 * What an operator can count and measure of contracts' connections: kept on the way between the real enclave
 * and the real worker process, without changing anything.
 *
 * @module
 */
import type { EgressFromEnclave, EgressToEnclave } from "#protocol/egress.ts";
import { openEnclave, type OpenEnclave } from "#worker/enclave/link.ts";

/** One connection, or one lookup of a name. */
export interface Seen {
  /** The name, or the address and port. */
  readonly target: string;
  /** TLS bytes in either direction. How they were cut into messages depends on the machine's load. */
  sentBytes: number;
  receivedBytes: number;
}

export class EgressShape {
  /** In the order of the enclave's orders. */
  readonly seen: Seen[] = [];
  readonly #byId = new Map<number, Seen>();

  /** Opens the enclave for `startWorker`. @param bundle - Path of the enclave's bundle. */
  opener(bundle: string): OpenEnclave {
    return ({ message: pass, lost }) => {
      const link = openEnclave(bundle, {
        lost,
        message: (message) => {
          if (message.type === "egress") this.#order(message.egress);
          pass(message);
        },
      });
      return {
        pid: link.pid,
        get waitingBytes() {
          return link.waitingBytes;
        },
        send: (message) => {
          if (message.type === "egress") this.#told(message.egress);
          link.send(message);
        },
        drained: () => link.drained(),
        stop: () => link.stop(),
      };
    };
  }

  #order(message: EgressFromEnclave): void {
    switch (message.kind) {
      case "egress-resolve":
        return this.#begin(message.id, message.host);
      case "egress-connect":
        return this.#begin(message.id, `${message.address} ${message.port}`);
      case "egress-data": {
        const seen = this.#byId.get(message.id);
        if (seen !== undefined) seen.sentBytes += message.bytes.length;
        return;
      }
      default:
    }
  }

  #told(message: EgressToEnclave): void {
    const seen = this.#byId.get(message.id);
    if (seen !== undefined && message.kind === "egress-data") {
      seen.receivedBytes += message.bytes.length;
    }
  }

  #begin(id: number, target: string): void {
    const seen = { target, sentBytes: 0, receivedBytes: 0 };
    this.#byId.set(id, seen);
    this.seen.push(seen);
  }
}
