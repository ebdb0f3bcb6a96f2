/**
 * A local HTTPS server for each kind of fault: all on the loopback interface, on ports that are free.
 *
 * @module
 */
import { createServer as createHttpsServer } from "node:https";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { createAuthority } from "#sdk/testing/https/certificates.ts";
import { createServerIdentity, type ServerIdentity } from "#sdk/testing/https/server.ts";
import type { FaultKind, Serve } from "#test/support/faults/kind.ts";

/** Nobody listens on it (tcpmux, RFC 1078), and no system gives it away. */
const ABSENT_PORT = 1;

export interface FaultServer extends AsyncDisposable {
  /** PEM of the authority that a client must trust to get as far as the fault. */
  readonly root: string;
  /** `https://127.0.0.1:port/name`. */
  url(name: string): string;
  /** TCP connections to the server of this kind so far. */
  connections(name: string): number;
}

interface Listening {
  readonly port: number;
  readonly sockets: ReadonlySet<Socket>;
  readonly server: Server;
  connections: number;
}

export async function startFaultServer(kinds: readonly FaultKind[]): Promise<FaultServer> {
  const authority = createAuthority("Fault authority");
  const identity = createServerIdentity({}, authority);
  const running = new Map<string, Listening>();
  for (const { name, serve } of kinds) {
    const own = "certificate" in serve ? serve.certificate(authority) : identity;
    running.set(name, "absent" in serve ? nobody() : await listen(create(serve, own)));
  }
  const find = (name: string): Listening => {
    const found = running.get(name);
    if (found === undefined) throw new Error(`there is no kind ${name}`);
    return found;
  };
  return {
    root: authority.certificate,
    url: (name) => `https://127.0.0.1:${find(name).port}/${name}`,
    connections: (name) => find(name).connections,
    async [Symbol.asyncDispose]() {
      for (const { server, sockets } of running.values()) {
        for (const socket of sockets) socket.destroy();
        if (server.listening) await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

function nobody(): Listening {
  return { port: ABSENT_PORT, sockets: new Set(), server: createServer(), connections: 0 };
}

function create(serve: Exclude<Serve, { absent: true }>, { key, cert }: ServerIdentity): Server {
  if ("tcp" in serve) return createServer((socket) => serve.tcp(socket));
  if ("http" in serve) return createHttpsServer({ key, cert }, serve.http);
  if ("certificate" in serve) {
    const options = { key, cert, ...serve.tls };
    return createHttpsServer(options, (_request, response) => response.end("ok"));
  }
  const raw = new Map<number | undefined, Socket>();
  const server = createTlsServer({ key, cert }, (socket) => {
    socket.on("error", () => socket.destroy());
    const { remotePort } = socket;
    socket.once("data", () => serve.request(socket, () => raw.get(remotePort)?.resetAndDestroy()));
  });
  return server.on("connection", (socket: Socket) => void raw.set(socket.remotePort, socket));
}

async function listen(server: Server): Promise<Listening> {
  const sockets = new Set<Socket>();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo; // it listens on TCP
  const listening: Listening = { port, sockets, server, connections: 0 };
  server.on("connection", (socket: Socket) => {
    listening.connections++;
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => sockets.delete(socket));
  });
  return listening;
}
