/**
 * What a command was told by the outside world, so that every worker can replay it.
 *
 * Requests are kept as SHA-256 hashes only, so no credential a contract sends sits in the log.
 * Results are kept whole. The bytes come out of a log entry that was sealed by an enclave, but they
 * are parsed as strictly as anything else.
 *
 * @module
 */
import { concat, framed, u32, utf8 } from "#protocol/bytes.ts";
import { pack } from "#protocol/codec.ts";
import {
  httpDetails,
  httpErrors,
  type HttpHeader,
  type HttpRequest,
  type HttpResult,
} from "#protocol/http.ts";
import {
  HTTP_HEADER_BYTES_MAX,
  HTTP_HEADERS_MAX,
  HTTP_REQUESTS_MAX,
  HTTP_RESPONSE_BODY_BYTES_MAX,
  HTTP_RETRIES_MAX,
} from "#protocol/limits.ts";
import { Fields } from "#protocol/shape.ts";
import { labels } from "#crypto/labels.ts";

/** The first version had errors without a detail; logs that hold it are replayed. */
const TRANSCRIPT_VERSION = 2;
const HASH_BYTES = 32;
const STATUS_MAX = 999;

export type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** One fetch of the live run: its requests as a hash, its results in order. */
export interface Exchange {
  /** 32 bytes. */
  readonly requestsHash: Uint8Array;
  readonly results: readonly HttpResult[];
}

export type Transcript = readonly Exchange[];

/** Hash of the requests of one fetch, in their only byte form. */
export function hashRequests(requests: readonly HttpRequest[], sha256: Sha256): Uint8Array {
  return sha256(framed(labels.httpRequests, ...requests.map(encodeRequest)));
}

function encodeRequest({ method, url, headers, body }: HttpRequest): Uint8Array {
  const fields = headers.flatMap(({ name, value }) => [utf8(name), utf8(value)]);
  const optionalBody = body === undefined ? [] : [body];
  return concat([
    u32(headers.length),
    framed("request", utf8(method), utf8(url), ...fields, ...optionalBody),
  ]);
}

/** @param retries - How often the command may be tried anew if it asks for anything else at its height. */
export function encodeTranscript(transcript: Transcript, retries = 0): Uint8Array {
  const exchanges = transcript.map(({ requestsHash, results }) => [
    requestsHash,
    results.map(resultFields),
  ]);
  return pack([TRANSCRIPT_VERSION, exchanges, retries]);
}

export interface Recorded {
  readonly transcript: Transcript;
  /** How often the command may be tried anew if it asks for anything else at its height; 0 in the first version. */
  readonly retries: number;
}

/** @throws {@link Fault} `LOG_ENTRY_BROKEN` for anything but a transcript of this version or the first. */
export function parseTranscript(untrustedBytes: Uint8Array): Recorded {
  const fields = Fields.parse(untrustedBytes, "LOG_ENTRY_BROKEN");
  const version = fields.integer(TRANSCRIPT_VERSION);
  if (version === 0) fields.fail();
  const transcript = fields.list(HTTP_REQUESTS_MAX, (list) =>
    list.nested((exchange) => ({
      requestsHash: exchange.fixed(HASH_BYTES),
      results: exchange.list(HTTP_REQUESTS_MAX, (results) =>
        results.nested((result) => parseResult(result, version)),
      ),
    })),
  );
  const retries = version === 1 ? 0 : fields.integer(HTTP_RETRIES_MAX);
  fields.end();
  return { transcript, retries };
}

/** An error is `[0, its place in the table, that of its detail]`, a response `[1, status, headers, body]`. */
function resultFields(result: HttpResult): readonly unknown[] {
  if ("error" in result) {
    return [0, httpErrors.indexOf(result.error), httpDetails.indexOf(result.detail ?? "none")];
  }
  const { status, headers, body } = result.ok;
  return [1, status, headers.map(({ name, value }) => [name, value]), body];
}

function parseResult(fields: Fields, version: number): HttpResult {
  if (fields.integer(1) === 0) {
    const error = httpErrors[fields.integer()] ?? fields.fail();
    const detail = version === 1 ? "none" : (httpDetails[fields.integer()] ?? fields.fail());
    return detail === "none" ? { error } : { error, detail };
  }
  return {
    ok: {
      status: fields.integer(STATUS_MAX),
      headers: fields.list(HTTP_HEADERS_MAX, (list) => list.nested(parseHeader)),
      body: fields.bytes(HTTP_RESPONSE_BODY_BYTES_MAX),
    },
  };
}

function parseHeader(fields: Fields): HttpHeader {
  return { name: fields.text(HTTP_HEADER_BYTES_MAX), value: fields.text(HTTP_HEADER_BYTES_MAX) };
}
