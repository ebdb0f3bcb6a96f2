/**
 * From a raw response to the one a contract gets: headers in a fixed form, body decoded.
 *
 * A small body can decode to gigabytes, so decoding stops at the limit and at a ratio. It runs
 * synchronously, one body at a time: a decoder's window (up to 16 MiB) exists once, not per request.
 *
 * @module
 */
import {
  brotliDecompressSync,
  constants,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  zstdDecompressSync,
} from "node:zlib";
import type { HttpHeader, HttpResponse } from "#protocol/http.ts";
import { HTTP_DECODE_RATIO_MAX, HTTP_HEADER_BYTES_MAX } from "#protocol/limits.ts";
import type { RawResponse } from "./exchange.ts";
import { HttpFailure, tooLarge } from "./failure.ts";

/** Decoded bytes that any body may have, whatever its ratio. */
const RATIO_FREE_BYTES = 64 * 1024;
/** Base-2 logarithm of the largest zstd window: 8 MiB, the minimum of RFC 8878 §3.1.1.1.2. */
const ZSTD_WINDOW_LOG_MAX = 23;

/** They describe the message on the wire, which the contract does not see. */
const dropped: ReadonlySet<string> = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "keep-alive",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

type Decoder = (encoded: Uint8Array, maxOutputLength: number) => Uint8Array;

const decoders: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ["identity", (encoded) => encoded],
  ["gzip", (encoded, maxOutputLength) => gunzipSync(encoded, { maxOutputLength })],
  ["x-gzip", (encoded, maxOutputLength) => gunzipSync(encoded, { maxOutputLength })],
  ["deflate", inflate],
  ["br", (encoded, maxOutputLength) => brotliDecompressSync(encoded, { maxOutputLength })],
  ["zstd", unzstd],
]);

/**
 * @param bodyBytesMax - Bytes of the decoded body that the contract has declared.
 * @throws {@link HttpFailure} "too-large" over a limit, "protocol" for an unknown or broken encoding.
 */
export function decodeResponse(
  { status, rawHeaders, encodedBody }: RawResponse,
  bodyBytesMax: number,
): HttpResponse {
  const all = pairs(rawHeaders);
  const encodings = all.filter(({ name }) => name === "content-encoding");
  // Several encodings, in one header or many, are a bomb's way around the ratio.
  if (encodings.length > 1) throw new HttpFailure("protocol");
  return {
    status,
    headers: all.filter(({ name }) => !dropped.has(name)),
    body: decode(encodedBody, encodings[0]?.value ?? "identity", bodyBytesMax),
  };
}

/** Names in lower case, in the order received: the form that transcripts keep. */
function pairs(rawHeaders: readonly string[]): HttpHeader[] {
  const headers: HttpHeader[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] as string).toLowerCase();
    const value = rawHeaders[i + 1] as string;
    if (name.length + value.length > HTTP_HEADER_BYTES_MAX) throw new HttpFailure("too-large");
    headers.push({ name, value });
  }
  return headers;
}

function decode(encoded: Uint8Array, encoding: string, bytesMax: number): Uint8Array {
  const decoder = decoders.get(encoding.trim().toLowerCase());
  if (decoder === undefined) throw new HttpFailure("protocol");
  if (encoded.length === 0) return new Uint8Array(0);
  const allowed = Math.max(encoded.length * HTTP_DECODE_RATIO_MAX, RATIO_FREE_BYTES);
  try {
    const body = decoder(encoded, Math.min(allowed, bytesMax));
    if (body.length > bytesMax) throw tooLarge(bytesMax);
    return new Uint8Array(body);
  } catch (error) {
    if (error instanceof HttpFailure) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ERR_BUFFER_TOO_LARGE") throw new HttpFailure("protocol");
    throw allowed < bytesMax ? new HttpFailure("too-large") : tooLarge(bytesMax);
  }
}

/** "deflate" is zlib's format (RFC 9110 §8.4.1.2); some servers send it without zlib's two-byte head. */
function inflate(encoded: Uint8Array, maxOutputLength: number): Uint8Array {
  const wrapped = ((encoded[0] as number) & 0x0f) === 8;
  return (wrapped ? inflateSync : inflateRawSync)(encoded, { maxOutputLength });
}

function unzstd(encoded: Uint8Array, maxOutputLength: number): Uint8Array {
  const params = { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG_MAX };
  return zstdDecompressSync(encoded, { maxOutputLength, params });
}
