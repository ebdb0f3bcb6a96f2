/**
 * One TLS connection to one origin, used for one exchange after the other.
 *
 * Whether it may be used again is decided by Node's agent, which knows whether the last answer ended where it
 * said. Until then it belongs to its exchange: its deadline and its limits count for that exchange alone.
 *
 * @module
 */
import { Agent, type ClientRequest } from "node:http";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { TunnelLine } from "./tunnel-stream.ts";

/** An agent of one connection: what it is told about the connection's end is all that is used of it. */
class OneConnection extends Agent {
  readonly #socket: TLSSocket;
  isFree = false;
  freed: () => void = () => {};

  constructor(socket: TLSSocket) {
    super({ keepAlive: true, maxSockets: 1, maxFreeSockets: 1 });
    this.#socket = socket;
  }

  /** Asked once: later exchanges find the connection among the free ones. */
  override createConnection(): Duplex {
    return this.#socket;
  }

  /** Node takes into account how long the server says that it keeps the connection. */
  override keepSocketAlive(socket: Duplex): boolean {
    // It says so, though its type does not.
    const keeps: unknown = super.keepSocketAlive(socket);
    this.isFree = keeps !== false;
    this.freed();
    return this.isFree;
  }

  override reuseSocket(socket: Duplex, request: ClientRequest): void {
    this.isFree = false;
    super.reuseSocket(socket, request);
  }
}

export class Connection {
  readonly socket: TLSSocket;
  readonly agent: Agent;
  readonly line: TunnelLine;
  readonly #agent: OneConnection;
  #leave: (() => void) | undefined;

  constructor(socket: TLSSocket, line: TunnelLine) {
    this.socket = socket;
    this.line = line;
    this.agent = this.#agent = new OneConnection(socket);
  }

  /** Whether the next exchange may begin. */
  get isFree(): boolean {
    return this.#agent.isFree && !this.socket.destroyed && this.socket.writable;
  }

  /** Resolves when an exchange that has gone well is over for Node too: the connection is free then, or never will be. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#agent.isFree) return resolve();
      this.#agent.freed = resolve;
      setImmediate(resolve);
    });
  }

  /**
   * Waits without an exchange.
   *
   * @param over - Told when the connection is gone. Node ends it when its server speaks without being asked.
   */
  rest(restMs: number, over: () => void): void {
    const end = (): void => {
      this.destroy();
      over();
    };
    const timer = setTimeout(end, restMs);
    timer.unref();
    this.line.watch({ progress: () => {}, fail: end });
    for (const event of ["end", "close"]) this.socket.on(event, end);
    this.#leave = () => {
      clearTimeout(timer);
      for (const event of ["end", "close"]) this.socket.off(event, end);
    };
  }

  /** Ends the rest. */
  wake(): void {
    this.#leave?.();
    this.#leave = undefined;
  }

  destroy(): void {
    this.wake();
    // Late errors of what is no longer wanted must not end the process.
    this.socket.on("error", () => {});
    this.line.stream.on("error", () => {});
    this.socket.destroy();
    this.line.stream.destroy();
    this.agent.destroy();
  }
}
