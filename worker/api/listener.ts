/**
 * Takes the address of the HTTP API, before a data directory or a process is made that would be for
 * nothing without it.
 *
 * Whoever connects before a worker serves there is turned away at once, as where nobody listens.
 *
 * @module
 */
import { createServer, type Server } from "node:http";
import type { Socket } from "node:net";
import { withReason, WorkerError } from "#worker/error.ts";

export interface ListenOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly timeouts?: Partial<ApiTimeouts>;
  readonly connectionsMax?: number;
}

export interface ApiTimeouts {
  /** From the first byte of a request to the end of its headers. */
  readonly headersMs: number;
  /** From the first byte of a request to the end of its body. */
  readonly requestMs: number;
  /** Between two requests of one connection. */
  readonly idleMs: number;
  /** Without a byte either way: longer than any answer takes, so only for who does not read. */
  readonly stalledMs: number;
}

const defaultTimeouts: ApiTimeouts = {
  headersMs: 10_000,
  requestMs: 30_000,
  idleMs: 75_000,
  stalledMs: 150_000,
};
/** Milliseconds between looks for connections that are too slow. */
const CHECK_EVERY_MS = 5_000;
const CONNECTIONS_MAX = 8_192;
const HEADER_BYTES_MAX = 16 * 1024;

export class Listener {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** @throws {@link WorkerError} `LISTEN_REFUSED` if the address cannot be taken. */
  static async open(options: ListenOptions): Promise<Listener> {
    const { host, port } = options;
    const timeouts = { ...defaultTimeouts, ...options.timeouts };
    const server = createServer({
      headersTimeout: timeouts.headersMs,
      requestTimeout: timeouts.requestMs,
      keepAliveTimeout: timeouts.idleMs,
      connectionsCheckingInterval: Math.min(CHECK_EVERY_MS, timeouts.headersMs),
      maxHeaderSize: HEADER_BYTES_MAX,
      noDelay: true,
    });
    server.timeout = timeouts.stalledMs;
    server.maxConnections = options.connectionsMax ?? CONNECTIONS_MAX;
    server.on("connection", turnAway);
    await new Promise<void>((resolve, reject) => {
      // Once it listens, an error is about one connection and ends with it.
      server.on("error", (cause) => {
        const subject = withReason(`${host}:${port}`, cause);
        reject(new WorkerError("LISTEN_REFUSED", { subject, cause }));
      });
      server.listen(port, host, resolve);
    });
    return new Listener(server);
  }

  /** Hands over the server, which from now on lets in who connects. */
  admit(): Server {
    this.#server.off("connection", turnAway);
    return this.#server;
  }

  /** Gives the address back. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }
}

function turnAway(socket: Socket): void {
  socket.resetAndDestroy();
}
