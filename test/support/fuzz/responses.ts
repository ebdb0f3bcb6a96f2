/**
 * Answers of servers: the head and the frame of the body in Node's parser, the encoding of the body in zlib.
 *
 * Each answer is read twice, in one piece and in several: where the pieces end must change nothing.
 *
 * @module
 */
import { Duplex } from "node:stream";
import { setImmediate } from "node:timers/promises";
import type { TLSSocket } from "node:tls";
import { isDeepStrictEqual } from "node:util";
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { exchange, type RawResponse } from "#platform/http/exchange.ts";
import { HttpFailure } from "#platform/http/failure.ts";
import { decodeResponse } from "#platform/http/response.ts";
import { httpErrors, type HttpError } from "#protocol/http.ts";
import { HTTP_RESPONSE_BODY_BYTES_MAX } from "#protocol/limits.ts";
import { everything } from "#test/support/http-caller.ts";
import { demand, type Target, type Verdict } from "#test/support/fuzz/target.ts";
import { disturbed, garbled, joined, noise } from "#test/support/fuzz/noise.ts";
import type { Tape } from "#test/support/random/tape.ts";

const STATUS = [
  "HTTP/1.1 200 OK",
  "HTTP/1.1 404",
  "HTTP/1.0 200 OK",
  "HTTP/1.1 99 X",
  "HTTP/1.1 103 E",
];
const HEADERS = [
  "content-length: 2",
  "content-length: 3",
  "Content-Length: 0x2",
  "content-length: +2",
  "content-length: 2, 2",
  "transfer-encoding: chunked",
  "transfer-encoding: gzip, chunked",
  "Transfer-Encoding:chunked",
  "transfer-encoding: identity",
  "connection: close",
  "connection: upgrade",
  "upgrade: x",
  "x-a: b",
  "x-a:",
  ": b",
  " folded",
  "x-a : b",
  "trailer: x",
  "content-encoding: gzip",
];
const BODIES = [
  "ab",
  "2\r\nab\r\n",
  "0\r\n\r\n",
  "0\r\nx: y\r\n\r\n",
  "2;x=y\r\nab\r\n",
  "z\r\n",
  "-1\r\n",
];
const ENDS = ["\r\n", "\r\n", "\r\n", "\r\n", "\n", "\r", ""];

/** An answer in order, before it is disturbed. */
function orderly(tape: Tape): string {
  const more = joined(
    tape,
    ["x-a: b\r\n", "Content-Encoding: gzip\r\n", "connection: close\r\n"],
    2,
  );
  const framed = [
    `content-length: 2\r\n${more}\r\nab`,
    `${more}transfer-encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n`,
    `transfer-encoding: chunked\r\n${more}\r\n2;x=y\r\nab\r\n0\r\nx: y\r\n\r\n`,
    `content-length: 0\r\n${more}\r\n`,
  ];
  return `HTTP/1.1 ${tape.pick(["200 OK", "404 No", "204 None", "304"])}\r\n${tape.pick(framed)}`;
}

function answer(tape: Tape): string {
  if (tape.once(2)) return disturbed(tape, orderly(tape));
  let text = tape.once(6) ? "HTTP/1.1 100 Continue\r\n\r\n" : "";
  text += tape.pick(STATUS) + tape.pick(ENDS);
  for (let left = tape.draw(4); left > 0; left--) text += tape.pick(HEADERS) + tape.pick(ENDS);
  text += tape.pick(ENDS) + joined(tape, BODIES, 4);
  return disturbed(tape, text);
}

/** A connection on which these pieces come, and then its end. */
function connectionOf(pieces: readonly Uint8Array[]): Duplex {
  let isAsked = false;
  return new Duplex({
    read() {},
    write(_chunk, _encoding, done) {
      done();
      if (isAsked) return;
      isAsked = true;
      void send(this, pieces);
    },
  });
}

async function send(stream: Duplex, pieces: readonly Uint8Array[]): Promise<void> {
  for (const piece of pieces) {
    if (stream.destroyed) return;
    stream.push(piece);
    if (pieces.length > 1) await setImmediate();
  }
  if (!stream.destroyed) stream.push(null);
}

/** What a contract gets of an answer that comes in these pieces: raw, or an error. */
export async function readAnswer(pieces: readonly Uint8Array[]): Promise<RawResponse | HttpError> {
  const stream = connectionOf(pieces);
  stream.on("error", () => {});
  try {
    // The exchange uses no more of a TLS socket than that it is a stream.
    return await exchange(stream as TLSSocket, {
      target: { host: "a.b", port: 443, authority: "a.b", path: "/" },
      method: "GET",
      headers: [],
      grant: everything,
    });
  } catch (error) {
    return listed(error);
  } finally {
    stream.destroy();
  }
}

function listed(error: unknown): HttpError {
  if (!(error instanceof HttpFailure)) throw error;
  const { error: reason } = error.refusal;
  demand(httpErrors.includes(reason), "an unlisted error", reason);
  return reason;
}

export const answers: Target = {
  name: "answer of a server",
  share: 5,
  run: async (tape) => {
    const text = answer(tape);
    const bytes = Buffer.from(text, "latin1");
    const first = tape.draw(bytes.length + 1);
    const second = tape.draw(bytes.length + 1);
    const [from, to] = [Math.min(first, second), Math.max(first, second)];
    const whole = await readAnswer([bytes]);
    const pieces = [bytes.subarray(0, from), bytes.subarray(from, to), bytes.subarray(to)];
    const parts = await readAnswer(pieces);
    if (!isDeepStrictEqual(whole, parts)) {
      // What follows an answer fails it only where it comes along with the answer's last byte.
      const isSpoilt = whole === "protocol" && typeof parts !== "string";
      const cut = isSpoilt
        ? [await readAnswer([pieces[0] as Buffer]), await readAnswer(pieces.slice(0, 2))]
        : [];
      const isCut = cut.some((answered) => isDeepStrictEqual(answered, parts));
      demand(isCut, `other in pieces (${from}, ${to})`, text);
    }
    return typeof whole === "string" ? "refused" : "taken";
  },
};

const CODERS = {
  gzip: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
};
const ENCODINGS = [
  "gzip",
  "deflate",
  "br",
  "zstd",
  "x-gzip",
  "identity",
  "compress",
  "gzip, br",
  "",
];

export const encodings: Target = {
  name: "encoded body",
  share: 5,
  run: (tape): Verdict => {
    const plain = tape.once(4) ? new Uint8Array(tape.draw(1 << 16)) : noise(tape, 60);
    const coder = tape.pick(["gzip", "deflate", "br", "zstd"] as const);
    const encodedBody = garbled(tape, tape.once(8) ? plain : CODERS[coder](plain));
    const encoding = tape.once(4) ? tape.pick(ENCODINGS) : coder;
    const rawHeaders = [
      "Content-Encoding",
      encoding,
      ...(tape.once(9) ? ["content-encoding", "br"] : []),
    ];
    try {
      const { body } = decodeResponse(
        { status: 200, rawHeaders, encodedBody },
        HTTP_RESPONSE_BODY_BYTES_MAX,
      );
      demand(body.length <= HTTP_RESPONSE_BODY_BYTES_MAX, "over the limit", body.length);
      return "taken";
    } catch (error) {
      const reason = listed(error);
      demand(reason === "protocol" || reason === "too-large", "another error", reason);
      return "refused";
    }
  },
};
