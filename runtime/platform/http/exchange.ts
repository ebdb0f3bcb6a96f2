/**
 * One HTTP/1.1 request and response over an established TLS socket, with Node's own parser.
 *
 * The far end is whatever a contract chose and is hostile: heads, header counts and bodies are cut at
 * their limits. A body must say where it ends (length or chunks): one that ends with the connection
 * is refused, because the worker process could end it early and TLS in Node would not tell. What counts is how
 * the parser takes it, not the header alone: a tab behind "chunked" is nothing to Node, and no chunks to its parser.
 *
 * @module
 */
import {
  request as httpRequest,
  type Agent,
  type ClientRequest,
  type IncomingMessage,
} from "node:http";
import type { TLSSocket } from "node:tls";
import type { CheckedRequest } from "#host/http/checked-request.ts";
import { HTTP_BODY_PIECES_MAX, HTTP_HEAD_BYTES_MAX, HTTP_HEADERS_MAX } from "#protocol/limits.ts";
import { HttpFailure, tooLarge } from "./failure.ts";

/** Bytes that an encoded body may have more than the decoded one. */
const ENCODING_BYTES = 64 * 1024;
/** Interim responses (1xx) before the final one: real servers send one or two. */
const INTERIM_MAX = 8;

export interface RawResponse {
  readonly status: number;
  /** Names and values in turn, as received. */
  readonly rawHeaders: readonly string[];
  readonly encodedBody: Uint8Array;
}

/** Is told where an exchange is. */
export interface ExchangeWatch {
  enter(phase: "head" | "body"): void;
}

/**
 * @param agent - Of the connection, if it may be used again.
 * @returns The response with its body still encoded; rejects with an {@link HttpFailure}.
 */
export function exchange(
  socket: TLSSocket,
  checked: CheckedRequest,
  agent?: Agent,
  watch?: ExchangeWatch,
): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    let response: IncomingMessage | undefined;
    const fail = (error: NodeJS.ErrnoException): void => reject(failureOf(error));
    watch?.enter("head");
    const request = httpRequest({
      ...(agent === undefined ? { createConnection: () => socket } : { agent }),
      method: checked.method,
      path: checked.target.path,
      headers: requestHeaders(checked, agent === undefined ? "close" : "keep-alive"),
      setHost: false,
      maxHeaderSize: HTTP_HEAD_BYTES_MAX,
      insecureHTTPParser: false,
    });
    // The parser drops headers above this count silently, so let one more through and refuse it.
    request.maxHeadersCount = HTTP_HEADERS_MAX + 1;
    const ended = (): void => {
      if (response?.complete !== true) reject(new HttpFailure("protocol"));
    };
    // Before the parser is told, which would take the end of the connection for the end of the body.
    socket.prependListener("end", ended);
    request.on("error", fail);
    request.once("close", () => {
      socket.off("end", ended);
      // Says nothing once the response was handed on: a promise settles once.
      reject(new HttpFailure("protocol"));
    });
    refuseDetours(request, reject);
    request.once("response", (head) => {
      watch?.enter("body");
      response = head;
      response.on("error", fail);
      collect(response, checked, resolve, reject);
    });
    request.end(checked.body);
  });
}

function requestHeaders(
  { target, method, headers, body }: CheckedRequest,
  connection: string,
): string[] {
  const names = new Set(headers.map(({ name }) => name));
  const list = ["host", target.authority];
  for (const { name, value } of headers) list.push(name, value);
  if (!names.has("accept")) list.push("accept", "*/*");
  if (!names.has("user-agent")) list.push("user-agent", "hermetic");
  list.push("accept-encoding", "gzip, deflate, br, zstd", "connection", connection);
  const carriesBody = method === "POST" || method === "PUT" || method === "PATCH";
  if (body !== undefined || carriesBody) list.push("content-length", String(body?.length ?? 0));
  return list;
}

/** Interim responses without end, and switches to another protocol. */
function refuseDetours(request: ClientRequest, reject: (failure: HttpFailure) => void): void {
  let interim = 0;
  request.on("information", () => {
    if (++interim > INTERIM_MAX) reject(new HttpFailure("protocol"));
  });
  request.once("upgrade", () => reject(new HttpFailure("protocol")));
}

/** Calls back rather than return a promise: `close` may come in the same turn as `end`. */
function collect(
  response: IncomingMessage,
  { method, grant }: CheckedRequest,
  resolve: (response: RawResponse) => void,
  reject: (failure: HttpFailure) => void,
): void {
  const { statusCode: status, rawHeaders } = response;
  if (rawHeaders.length > HTTP_HEADERS_MAX * 2) return reject(new HttpFailure("too-large"));
  const bodiless = method === "HEAD" || status === 204 || status === 304;
  // The parser takes any three digits; below 200 is no final status (RFC 9110 §15).
  if (status === undefined || status < 200 || !(bodiless || saysWhereItEnds(response))) {
    return reject(new HttpFailure("protocol"));
  }
  const limit = grant.responseBytes + ENCODING_BYTES;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  response.on("data", (chunk: Uint8Array) => {
    bytes += chunk.length;
    if (bytes > limit) reject(tooLarge(grant.responseBytes));
    else if (chunks.length >= HTTP_BODY_PIECES_MAX) reject(new HttpFailure("too-large"));
    else chunks.push(chunk);
  });
  response.once("end", () => {
    if (!response.complete) return reject(new HttpFailure("protocol"));
    resolve({ status, rawHeaders, encodedBody: Buffer.concat(chunks) });
  });
}

function saysWhereItEnds({ headers }: IncomingMessage): boolean {
  const coding = headers["transfer-encoding"];
  if (coding !== undefined) return coding.trim().toLowerCase() === "chunked";
  return headers["content-length"] !== undefined;
}

function failureOf({ code = "" }: NodeJS.ErrnoException): HttpFailure {
  if (code === "HPE_HEADER_OVERFLOW") return new HttpFailure("too-large");
  return new HttpFailure(code.startsWith("ERR_SSL") ? "tls" : "protocol");
}
