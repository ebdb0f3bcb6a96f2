/**
 * What a mock answers, checked against what a server could answer.
 *
 * @module
 */
import { utf8 } from "#protocol/bytes.ts";
import { httpErrors, type HttpError, type HttpHeader, type HttpResult } from "#protocol/http.ts";
import {
  HTTP_HEADER_BYTES_MAX,
  HTTP_HEADERS_MAX,
  HTTP_RESPONSE_BODY_BYTES_MAX,
} from "#protocol/limits.ts";
import { kitError } from "#sdk/testing/errors/kit-error.ts";

/** Text, bytes, or anything else as JSON. */
export type MockBody = string | Uint8Array | object | number | boolean | null;

export interface MockReply {
  readonly status: number;
  readonly body?: MockBody;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Below it stand interim responses, which no contract gets (RFC 9110 §15). */
const STATUS_MIN = 200;
const STATUS_MAX = 999;

/** What a contract gets. A body over the limit becomes "too-large", as on a worker. */
export function resultOf({ status, body = "", headers = {} }: MockReply): HttpResult {
  if (!Number.isInteger(status) || status < STATUS_MIN || status > STATUS_MAX) {
    throw kitError("HTTP_REPLY", `status ${status}`);
  }
  const encoded = bytesOf(body);
  const isJson = !(body instanceof Uint8Array) && typeof body !== "string";
  const given = headersOf(headers);
  const hasType = given.some(({ name }) => name === "content-type");
  const typed = isJson && !hasType ? [{ name: "content-type", value: "application/json" }] : [];
  if (encoded.length > HTTP_RESPONSE_BODY_BYTES_MAX) return { error: "too-large" };
  return { ok: { status, headers: [...given, ...typed], body: encoded } };
}

export function errorOf(error: HttpError): HttpResult {
  if (!httpErrors.includes(error)) {
    throw kitError("HTTP_REPLY", `error "${error}": there are ${httpErrors.join(", ")}`);
  }
  return { error };
}

function bytesOf(body: MockBody): Uint8Array {
  if (body instanceof Uint8Array) return new Uint8Array(body);
  return utf8(typeof body === "string" ? body : JSON.stringify(body));
}

/** Names in lower case, as the enclave hands them to a contract. */
function headersOf(headers: Readonly<Record<string, string>>): HttpHeader[] {
  const list = Object.entries(headers).map(([name, value]) => ({
    name: name.toLowerCase(),
    value,
  }));
  if (list.length > HTTP_HEADERS_MAX) throw kitError("HTTP_REPLY", `${list.length} headers`);
  for (const { name, value } of list) {
    if (name.length + value.length > HTTP_HEADER_BYTES_MAX) {
      throw kitError("HTTP_REPLY", `header ${name} is too large`);
    }
  }
  return list;
}
