/**
 * Servers that send too much, or what grows too much when it is decoded.
 *
 * @module
 */
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import type { TLSSocket } from "node:tls";
import { HTTP_HEADERS_MAX, HTTP_RESPONSE_BODY_BYTES_MAX } from "#protocol/limits.ts";
import { answering, OK, type FaultKind, type Serve } from "#test/support/faults/kind.ts";

const MEBIBYTE = 1024 * 1024;

function encoded(encoding: string, body: Uint8Array): Serve {
  const head = `${OK}content-encoding: ${encoding}\r\ncontent-length: ${body.length}\r\n\r\n`;
  return answering([head, body]);
}

/** Zeros that decode to far more than any body may have. */
function bomb(encoding: string, compress: (bytes: Uint8Array) => Uint8Array): FaultKind {
  const name = `${encoding}-bomb`;
  const does = `sends ${encoding} that decodes to thirty-two times the limit`;
  const zeros = new Uint8Array(HTTP_RESPONSE_BODY_BYTES_MAX * 32);
  return { name, does, gives: "too-large", serve: encoded(encoding, compress(zeros)) };
}

/** Writes a head, then the same bytes for as long as somebody reads. */
function endless(head: string, again: string | Uint8Array): Serve {
  return {
    request: (socket: TLSSocket) => {
      const more = (): void => {
        while (socket.writable && socket.write(again));
      };
      socket.on("drain", more);
      socket.write(head);
      more();
    },
  };
}

const text = Buffer.from("confidential ".repeat(100));

export const bodies: readonly FaultKind[] = [
  bomb("gzip", gzipSync),
  bomb("deflate", deflateSync),
  bomb("br", brotliCompressSync),
  bomb("zstd", zstdCompressSync),
  {
    name: "ratio-bomb",
    does: "sends gzip within the limit that grows a thousandfold",
    gives: "too-large",
    serve: encoded("gzip", gzipSync(new Uint8Array(HTTP_RESPONSE_BODY_BYTES_MAX / 2))),
  },
  {
    name: "nested-encodings",
    does: "sends gzip inside gzip",
    gives: "protocol",
    serve: encoded("gzip, gzip", gzipSync(gzipSync(text))),
  },
  {
    name: "unknown-encoding",
    does: "sends an encoding that was not asked for",
    gives: "protocol",
    serve: encoded("compress", text),
  },
  {
    name: "broken-encoding",
    does: "sends half of its gzip",
    gives: "protocol",
    serve: encoded("gzip", gzipSync(text).subarray(0, 20)),
  },
  {
    name: "large-body",
    does: "sends a byte more than the limit",
    gives: "too-large",
    serve: answering([
      `${OK}content-length: ${HTTP_RESPONSE_BODY_BYTES_MAX + 1}\r\n\r\n`,
      new Uint8Array(HTTP_RESPONSE_BODY_BYTES_MAX + 1),
    ]),
  },
  {
    name: "endless-body",
    does: "sends a body in chunks without end",
    gives: "too-large",
    serve: endless(
      `${OK}transfer-encoding: chunked\r\n\r\n`,
      Buffer.concat([Buffer.from("10000\r\n"), Buffer.alloc(65_536, "x"), Buffer.from("\r\n")]),
    ),
  },
  {
    name: "one-byte-chunks",
    does: "sends chunks of one byte without end",
    gives: "too-large",
    serve: endless(`${OK}transfer-encoding: chunked\r\n\r\n`, "1\r\nx\r\n".repeat(10_000)),
  },
  {
    name: "endless-head",
    does: "sends headers without end",
    gives: "too-large",
    serve: endless(OK, "a: b\r\n".repeat(1_000)),
  },
  {
    name: "header-flood",
    does: "sends a header more than the limit",
    gives: "too-large",
    serve: answering(`${OK}${"a: b\r\n".repeat(HTTP_HEADERS_MAX)}content-length: 0\r\n\r\n`),
  },
  {
    name: "long-header",
    does: "sends a header of a mebibyte",
    gives: "too-large",
    serve: answering(`${OK}x: ${"v".repeat(MEBIBYTE)}\r\ncontent-length: 0\r\n\r\n`),
  },
];
