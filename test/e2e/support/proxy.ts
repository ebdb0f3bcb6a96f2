/**
 * The operator on the wire: an HTTP proxy between clients and a worker that sees and bends everything.
 *
 * By default it passes on what comes. `intercept` gets each request and a way to forward it, as it is or
 * changed, once, never or several times, and says what the client is answered.
 *
 * @module
 */
import { once } from "node:events";
import { createServer, request, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Answered {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
}

export type Forward = (change?: Partial<Asked>) => Promise<Answered>;
/** What the client gets; "drop" closes its connection without a word. */
export type Intercept = (asked: Asked, forward: Forward) => Promise<Answered | "drop">;

export interface Passed {
  readonly asked: Asked;
  readonly answered: Answered;
}

export class Proxy {
  readonly #server: Server;
  /** URL of the worker behind it. */
  target: string;
  intercept: Intercept = (_, forward) => forward();
  /** Everything that went to the worker and came back, in order of the answers. */
  readonly passed: Passed[] = [];

  private constructor(target: string) {
    this.target = target;
    this.#server = createServer((incoming, response) => {
      this.#serve(incoming).then(
        (answer) => {
          if (answer === "drop") return void incoming.socket.destroy();
          response.writeHead(answer.status, { "content-type": answer.type });
          response.end(answer.body);
        },
        () => incoming.socket.destroy(), // the worker is gone: to the client it looks the same
      );
    });
  }

  static async start(atEnd: (work: () => void) => void, target = ""): Promise<Proxy> {
    const proxy = new Proxy(target);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    atEnd(() => {
      proxy.#server.close();
      proxy.#server.closeAllConnections();
    });
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`; // it listens on TCP
  }

  /** The last request to a path, as it was sent. */
  last(path: string): Asked {
    const found = this.passed.findLast(({ asked }) => asked.path.startsWith(path));
    if (found === undefined) throw new Error(`nothing was sent to ${path}`);
    return found.asked;
  }

  /** Sends something of the operator's own, or something seen before, to the worker. */
  async send(asked: Asked): Promise<Answered> {
    const own = { method: asked.method, headers: asked.headers, agent: false } as const;
    const outgoing = request(new URL(asked.path, this.target), own);
    outgoing.end(asked.body);
    const [response] = (await once(outgoing, "response")) as [IncomingMessage];
    const body = await buffer(response);
    const type = response.headers["content-type"] ?? "";
    const answered = { status: response.statusCode ?? 0, type, body };
    this.passed.push({ asked, answered });
    return answered;
  }

  async #serve(incoming: IncomingMessage): Promise<Answered | "drop"> {
    const { method = "GET", url: path = "/" } = incoming;
    const { accept = "*/*", "content-type": type = "application/msgpack" } = incoming.headers;
    const headers = { accept, "content-type": type };
    const asked = { method, path, headers, body: await buffer(incoming) };
    return this.intercept(asked, (change) => this.send({ ...asked, ...change }));
  }
}
