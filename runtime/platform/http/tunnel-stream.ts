/**
 * A tunnel as the Duplex that Node's TLS runs over, with back-pressure in both directions.
 *
 * The worker process may send without end: what is received in one exchange is counted, and over the
 * cap the exchange fails before more is kept.
 *
 * @module
 */
import { Duplex } from "node:stream";
import type { Tunnel } from "#host/http/tunnel.ts";
import type { HttpError } from "#protocol/http.ts";

export interface TunnelWatch {
  /** Bytes moved in either direction. */
  progress(): void;
  fail(reason: HttpError): void;
}

export interface TunnelLine {
  readonly stream: Duplex;
  /** Hands the line over to the next exchange, whose bytes are counted from none. */
  watch(next: TunnelWatch): void;
}

/** @param receivedBytesMax - Bytes that may arrive in one exchange. */
export function tunnelStream(
  tunnel: Tunnel,
  receivedBytesMax: number,
  first: TunnelWatch,
): TunnelLine {
  let watch = first;
  let received = 0;
  let unconfirmed = 0;
  const confirm = (): void => {
    tunnel.consumed(unconfirmed);
    unconfirmed = 0;
  };
  const stream = new Duplex({
    read: confirm,
    write(chunk: Uint8Array, _encoding, done) {
      void tunnel.write(chunk).then((written) => {
        watch.progress();
        done(written ? null : new Error("The tunnel is closed."));
      });
    },
    final(done) {
      tunnel.end();
      done();
    },
    destroy(error, done) {
      tunnel.destroy();
      done(error);
    },
  });
  tunnel.listen({
    data(bytes) {
      received += bytes.length;
      unconfirmed += bytes.length;
      if (received > receivedBytesMax) return watch.fail("too-large");
      watch.progress();
      if (stream.push(bytes)) confirm();
    },
    end: () => void stream.push(null),
    failed: () => void stream.destroy(new Error("The tunnel broke.")),
  });
  return {
    stream,
    watch: (next) => {
      watch = next;
      received = 0;
    },
  };
}
