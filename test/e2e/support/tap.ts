/**
 * A TCP relay that keeps every byte: what an operator sees of a contract's own connections.
 *
 * @module
 */
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

export class Tap {
  readonly #server: Server;
  readonly #seen: Buffer[] = [];

  private constructor(targetPort: number) {
    this.#server = createServer((near) => {
      const far = connect(targetPort, "127.0.0.1");
      this.#relay(near, far);
      this.#relay(far, near);
    });
  }

  static async start(atEnd: (work: () => void) => void, targetPort: number): Promise<Tap> {
    const tap = new Tap(targetPort);
    tap.#server.listen(0, "127.0.0.1");
    await once(tap.#server, "listening");
    atEnd(() => void tap.#server.close());
    return tap;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port; // it listens on TCP
  }

  get seen(): Buffer {
    return Buffer.concat(this.#seen);
  }

  #relay(from: Socket, to: Socket): void {
    from.on("data", (bytes: Buffer) => this.#seen.push(bytes));
    from.on("error", () => to.destroy());
    from.on("close", () => to.destroy());
    from.pipe(to);
  }
}
