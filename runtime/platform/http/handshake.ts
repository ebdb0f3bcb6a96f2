/**
 * TLS over a tunnel: the step that turns "some machine" into the machine the contract named.
 *
 * Runs in the enclave, so the worker process sees the server's name (SNI), sizes and timing, and
 * nothing else.
 *
 * @module
 */
import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import {
  connect,
  type DetailedPeerCertificate,
  type SecureContext,
  type TLSSocket,
} from "node:tls";
import { HttpFailure } from "./failure.ts";
import { checkIdentity, holdsPin } from "./trust.ts";

/**
 * @param pins - If there are any, one key of the server's chain must be among them.
 * @returns The socket once the server has proved its name; rejects with "tls" otherwise.
 */
export function handshake(
  stream: Duplex,
  host: string,
  pins: readonly Uint8Array[],
  trust: SecureContext,
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    let isPinned = true;
    const socket: TLSSocket = connect({
      socket: stream,
      host,
      // RFC 6066 §3: no server name indication for literal addresses.
      ...(isIP(host) === 0 ? { servername: host } : {}),
      secureContext: trust,
      ALPNProtocols: ["http/1.1"],
      rejectUnauthorized: true,
      checkServerIdentity: (_, certificate) => {
        // Node asks the socket for the whole chain, which its type does not say; to ask again takes half a millisecond.
        const chain = certificate as DetailedPeerCertificate;
        const wrong = checkIdentity(host, chain);
        if (wrong === undefined) isPinned = holdsPin(chain, pins);
        return wrong ?? (isPinned ? undefined : new Error("No key of the chain is pinned."));
      },
    });
    const failed = (): void => reject(new HttpFailure("tls", isPinned ? "none" : "pin"));
    // Stays registered: an error after the handshake is the exchange's to report, but without any
    // listener it would end the process.
    socket.on("error", failed);
    socket.once("close", failed);
    socket.once("secureConnect", () => {
      if (socket.authorized) resolve(socket);
      else failed();
    });
  });
}
