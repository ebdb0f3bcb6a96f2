/**
 * Servers with which no connection, no handshake or no safe one comes about.
 *
 * @module
 */
import { createServerIdentity } from "#sdk/testing/https/server.ts";
import { OK, type FaultKind, type Serve } from "#test/support/faults/kind.ts";

/** Type, version and length (16 KiB) of a TLS record that holds a handshake message (RFC 8446 §5.1). */
const RECORD_HEAD = Buffer.from("1603034000", "hex");

const good = (options: Extract<Serve, { certificate: unknown }>["tls"] = {}): Serve => ({
  certificate: (authority) => createServerIdentity({}, authority),
  tls: options,
});

export const connections: readonly FaultKind[] = [
  {
    name: "refused-connection",
    does: "does not listen",
    gives: "connect",
    serve: { absent: true },
  },
  {
    name: "reset-in-handshake",
    does: "resets the connection when it is greeted",
    gives: "tls",
    serve: { tcp: (socket) => void socket.once("data", () => socket.resetAndDestroy()) },
  },
  {
    name: "closed-in-handshake",
    does: "closes the connection inside its first handshake message",
    gives: "tls",
    serve: { tcp: (socket) => void socket.once("data", () => socket.end(RECORD_HEAD)) },
  },
  {
    name: "stall-in-handshake",
    does: "begins a handshake message and says no more",
    gives: "timeout",
    serve: { tcp: (socket) => void socket.once("data", () => socket.write(RECORD_HEAD)) },
  },
  {
    name: "handshake-drip",
    does: "sends its handshake a byte at a time",
    gives: "timeout",
    serve: { tcp: (socket) => drip(socket, RECORD_HEAD) },
  },
  {
    name: "plain-http",
    does: "answers in plain HTTP where TLS is asked",
    gives: "tls",
    serve: {
      tcp: (socket) =>
        void socket.once("data", () => socket.end(`${OK}content-length: 2\r\n\r\nok`)),
    },
  },
  {
    name: "another-protocol",
    does: "greets as an SSH server",
    gives: "tls",
    serve: { tcp: (socket) => void socket.write("SSH-2.0-OpenSSH_9.9\r\n") },
  },
  {
    name: "old-protocol",
    does: "speaks TLS 1.1 at most",
    gives: "tls",
    serve: good({ minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" }),
  },
  {
    name: "no-encryption",
    does: "offers TLS without a cipher",
    gives: "tls",
    serve: good({ maxVersion: "TLSv1.2", ciphers: "eNULL@SECLEVEL=0" }),
  },
  {
    name: "no-identity",
    does: "offers TLS without a certificate",
    gives: "tls",
    serve: good({ maxVersion: "TLSv1.2", ciphers: "aNULL@SECLEVEL=0" }),
  },
  {
    name: "asks-who-you-are",
    does: "refuses clients without a certificate of their own",
    gives: "tls",
    // In TLS 1.3 the client is refused after its handshake, and a reset may overtake the reason.
    serve: good({ requestCert: true, maxVersion: "TLSv1.2" }),
  },
];

/** Writes the bytes one by one, then any, for as long as somebody reads. */
export function drip(
  socket: {
    write(bytes: Uint8Array): boolean;
    once(event: "close", listener: () => void): unknown;
  },
  bytes: Uint8Array,
): void {
  let sent = 0;
  const timer = setInterval(() => socket.write(Uint8Array.of(bytes[sent++] ?? 0x78)), 50);
  socket.once("close", () => clearInterval(timer));
}
