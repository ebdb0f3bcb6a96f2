/**
 * One way in which a server fails the contract that asks it, and what the contract is told then.
 *
 * @module
 */
import type { RequestListener } from "node:http";
import type { Socket } from "node:net";
import type { TlsOptions, TLSSocket } from "node:tls";
import type { HttpError } from "#protocol/http.ts";
import type { Identity } from "#sdk/testing/https/certificates.ts";
import type { ServerIdentity } from "#sdk/testing/https/server.ts";

/** One of these ways to serve: each begins where the ones before it are in order. */
export type Serve =
  /** Nobody listens. */
  | { readonly absent: true }
  /** Takes over each TCP connection. */
  | { readonly tcp: (socket: Socket) => void }
  /** Answers "ok" behind a certificate of its own. @param authority - The one that clients trust. */
  | {
      readonly certificate: (authority: Identity) => ServerIdentity;
      readonly tls?: Pick<TlsOptions, "ciphers" | "minVersion" | "maxVersion" | "requestCert">;
    }
  /** Takes over each TLS connection once the first bytes of a request are there. @param reset - Breaks it (RST). */
  | { readonly request: (socket: TLSSocket, reset: () => void) => void }
  /** Answers well-formed HTTP. */
  | { readonly http: RequestListener };

export interface FaultKind {
  /** Words joined by hyphens: the kind's name in documentation and tests. */
  readonly name: string;
  /** What the server does, for a reader: "sends a certificate that expired". */
  readonly does: string;
  /** What the contract gets: an error, or the response with this status. */
  readonly gives: HttpError | number;
  readonly serve: Serve;
}

/** Writes these bytes when a request comes; then waits, or closes. */
export function answering(
  pieces: string | Uint8Array | readonly (string | Uint8Array)[],
  { end = false }: { readonly end?: boolean } = {},
): Serve {
  return {
    request: (socket) => {
      for (const piece of Array.isArray(pieces) ? pieces : [pieces]) socket.write(piece);
      if (end) socket.end();
    },
  };
}

/** Status line of a usual answer. */
export const OK = "HTTP/1.1 200 OK\r\n";
