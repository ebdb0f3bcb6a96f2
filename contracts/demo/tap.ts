/**
 * A wiretap: a TCP relay on this machine that keeps every byte that passes, in both directions.
 *
 * It stands where the operator of a worker stands, so that the demonstration can search what an
 * operator sees instead of claiming it.
 *
 * @module
 */
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

export class Tap {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #seen: Uint8Array[] = [];
  #targetPort = 0;

  private constructor() {
    this.#server = createServer((client) => this.#relay(client));
  }

  static async start(): Promise<Tap> {
    const tap = new Tap();
    tap.#server.listen(0, "127.0.0.1");
    await once(tap.#server, "listening");
    return tap;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port; // listening on TCP since start()
  }

  /** Sends what comes next to this port of 127.0.0.1. */
  set target(port: number) {
    this.#targetPort = port;
  }

  /** Everything that passed so far. */
  get seen(): Uint8Array {
    return Buffer.concat(this.#seen);
  }

  #relay(client: Socket): void {
    const target = connect(this.#targetPort, "127.0.0.1");
    for (const [from, to] of [
      [client, target],
      [target, client],
    ] as const) {
      this.#sockets.add(from);
      from.on("data", (bytes: Uint8Array) => this.#seen.push(bytes));
      from.on("error", () => to.destroy());
      from.on("close", () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }
}
