/**
 * One request of a contract, checked as a whole before anything leaves the enclave.
 *
 * What passes is a new object with the parsed target in it: nothing after this file looks at the
 * contract's URL text again.
 *
 * @module
 */
import type { HttpError, HttpHeader, HttpRequest } from "#protocol/http.ts";
import { HTTP_REQUEST_BODY_BYTES_MAX, HTTP_URL_LENGTH_MAX } from "#protocol/limits.ts";
import type { Grants } from "./grants.ts";
import { checkRequestHeaders } from "./request-headers.ts";
import { parseTarget, type Target } from "./url.ts";

export type HttpMethod = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Not CONNECT, TRACE and OPTIONS: they speak to proxies and servers, not to resources. */
const methods: ReadonlySet<string> = new Set([
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
] satisfies HttpMethod[]);

export interface CheckedRequest {
  readonly target: Target;
  readonly method: HttpMethod;
  /** Names in lower case, none of them reserved. */
  readonly headers: readonly HttpHeader[];
  readonly body?: Uint8Array;
}

/** The request in checked form, or the error that the contract gets. */
export function checkRequest(
  untrustedRequest: HttpRequest,
  grants: Grants,
): CheckedRequest | HttpError {
  const { method, url, body } = untrustedRequest;
  if (url.length > HTTP_URL_LENGTH_MAX) return "too-large";
  if (body !== undefined && body.length > HTTP_REQUEST_BODY_BYTES_MAX) return "too-large";
  if (!isMethod(method)) return "denied";
  const headers = checkRequestHeaders(untrustedRequest.headers);
  if (typeof headers === "string") return headers;
  const target = parseTarget(url);
  if (target === undefined || !grants.mayReach(target)) return "denied";
  if (body === undefined || body.length === 0) return { target, method, headers };
  // A body on GET or HEAD has no meaning (RFC 9110 §9.3.1) and splits requests at some servers.
  if (method === "GET" || method === "HEAD") return "denied";
  return { target, method, headers, body };
}

function isMethod(untrustedMethod: string): untrustedMethod is HttpMethod {
  return methods.has(untrustedMethod);
}
