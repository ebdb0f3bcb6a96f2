/**
 * HTTPS servers for tests and demonstrations: on the loopback interface, on a free port, with a certificate made on the spot.
 *
 * Two kinds: one that answers as a Node request handler says, and one that hands over the bare TLS
 * socket to misbehave on.
 *
 * @module
 */
import type { RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Server, Socket } from "node:net";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";
import { createAuthority, createIdentity, type Identity } from "./certificates.ts";

export interface LocalHttps extends AsyncDisposable {
  readonly port: number;
  /** `https://127.0.0.1:port`. */
  readonly origin: string;
  /** PEM of the authority that clients must trust. */
  readonly root: string;
  /** TCP connections so far. */
  connections(): number;
}

export interface ServerIdentity {
  readonly key: string;
  /** Leaf first, then intermediates. */
  readonly cert: string;
  readonly root: string;
}

/** A leaf for 127.0.0.1, ::1 and localhost under a new authority. */
export function createServerIdentity(
  leaf: Partial<Parameters<typeof createIdentity>[0]> = {},
  authority: Identity = createAuthority("Test authority"),
): ServerIdentity {
  const alternatives = ["127.0.0.1", "::1", "localhost"];
  const identity = createIdentity({ name: "leaf", issuer: authority, alternatives, ...leaf });
  return { key: identity.key, cert: identity.certificate, root: authority.certificate };
}

/** Answers requests. */
export function startHttpsServer(
  handler: RequestListener,
  identity: ServerIdentity = createServerIdentity(),
): Promise<LocalHttps> {
  return listen(createHttpsServer({ key: identity.key, cert: identity.cert }, handler), identity);
}

/** Hands over each TLS connection once it is established, and drops it when it fails. */
export function startTlsServer(
  serve: (socket: TLSSocket) => void,
  identity: ServerIdentity = createServerIdentity(),
): Promise<LocalHttps> {
  const server = createTlsServer({ key: identity.key, cert: identity.cert }, (socket) => {
    socket.on("error", () => socket.destroy());
    serve(socket);
  });
  return listen(server, identity);
}

async function listen(server: Server, { root }: ServerIdentity): Promise<LocalHttps> {
  const open = new Set<Socket>();
  let connections = 0;
  server.on("connection", (socket: Socket) => {
    connections++;
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `https://127.0.0.1:${port}`,
    root,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
