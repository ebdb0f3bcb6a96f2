/**
 * One request of a contract, checked as a whole before anything leaves the enclave: against what the
 * contract declares, what the cluster allows, and what a request may look like.
 *
 * What passes is a new object with the parsed target in it: nothing after this file looks at the
 * contract's URL text again.
 *
 * @module
 */
import {
  httpMethods,
  type HttpDetail,
  type HttpHeader,
  type HttpMethod,
  type HttpRefusal,
  type HttpRequest,
} from "#protocol/http.ts";
import { covers, parseOrigin, type HttpGrant } from "#protocol/http-grant.ts";
import { HTTP_REQUEST_BODY_BYTES_MAX, HTTP_URL_LENGTH_MAX } from "#protocol/limits.ts";
import type { Grants } from "./grants.ts";
import { checkRequestHeaders } from "./request-headers.ts";
import { takeTimeLimit } from "./time-limit.ts";
import { parseTarget, type Target } from "./url.ts";

export interface CheckedRequest {
  readonly target: Target;
  readonly method: HttpMethod;
  /** Names in lower case, none of them reserved. */
  readonly headers: readonly HttpHeader[];
  readonly body?: Uint8Array;
  /** Milliseconds that the contract waits, with all redirects. */
  readonly timeoutMs?: number;
  /** The declaration that lets it pass. */
  readonly grant: HttpGrant;
}

/** The request in checked form, or what the contract gets instead. */
export function checkRequest(
  untrustedRequest: HttpRequest,
  cluster: Grants,
  grants: readonly HttpGrant[],
): CheckedRequest | HttpRefusal {
  const { method, url, body } = untrustedRequest;
  if (url.length > HTTP_URL_LENGTH_MAX) return { error: "too-large" };
  if (body !== undefined && body.length > HTTP_REQUEST_BODY_BYTES_MAX) {
    return { error: "too-large" };
  }
  if (grants.length === 0) return denied("undeclared");
  if (!isMethod(method)) return denied("method");
  const target = parseTarget(url);
  if (target === undefined) return denied("url");
  const grant = grantFor(grants, target, method);
  if (typeof grant === "string") return denied(grant);
  const limited = takeTimeLimit(untrustedRequest.headers);
  if (limited === "denied") return denied("header");
  const headers = checkRequestHeaders(limited.headers, grant.headers);
  if (headers === "denied") return denied("header");
  if (headers === "too-large") return { error: headers };
  if (!cluster.mayReach(target)) return denied("network");
  const { timeoutMs } = limited;
  const checked = {
    target,
    method,
    headers,
    grant,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
  if (body === undefined || body.length === 0) return checked;
  // A body on GET or HEAD has no meaning (RFC 9110 §9.3.1) and splits requests at some servers.
  if (method === "GET" || method === "HEAD") return denied("body");
  if (body.length > grant.requestBytes) return { error: "too-large", detail: "size" };
  return { ...checked, body };
}

/** The first grant of the origin that has the method, or what none has. */
function grantFor(
  grants: readonly HttpGrant[],
  { host, port }: Target,
  method: HttpMethod,
): HttpGrant | "origin" | "method" {
  const own = grants.filter(({ origin }) => {
    const parsed = parseOrigin(origin);
    return parsed !== undefined && covers(parsed, host, port);
  });
  if (own.length === 0) return "origin";
  return own.find(({ methods }) => methods.includes(method)) ?? "method";
}

function denied(detail: HttpDetail): HttpRefusal {
  return { error: "denied", detail };
}

function isMethod(untrustedMethod: string): untrustedMethod is HttpMethod {
  return (httpMethods as readonly string[]).includes(untrustedMethod);
}
