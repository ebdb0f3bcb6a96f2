/**
 * HTTP requests and results as a contract sees them.
 *
 * An error is a value, never an exception: a contract decides what a failed request means.
 *
 * @module
 */

export interface HttpHeader {
  readonly name: string;
  readonly value: string;
}

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly HttpHeader[];
  readonly body?: Uint8Array;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: readonly HttpHeader[];
  readonly body: Uint8Array;
}

/** In the order of the WIT enum `hermetic:contract/http.error`. */
export const httpErrors = [
  "denied",
  "dns",
  "connect",
  "tls",
  "timeout",
  "too-large",
  "protocol",
] as const;

export type HttpError = (typeof httpErrors)[number];

/**
 * What exactly stood in the way, in the order of the WIT enum `hermetic:contract/http.detail`: "undeclared" to
 * "secret" are rules that the request broke, "size" a limit of the contract's own grant, "pin" its pinned keys.
 */
export const httpDetails = [
  "none",
  "undeclared",
  "url",
  "origin",
  "method",
  "header",
  "body",
  "rate",
  "network",
  "redirect",
  "secret",
  "size",
  "pin",
] as const;

export type HttpDetail = (typeof httpDetails)[number];

export interface HttpRefusal {
  readonly error: HttpError;
  /** Absent for "none". */
  readonly detail?: HttpDetail;
}

export type HttpResult = { readonly ok: HttpResponse } | HttpRefusal;

/** Not CONNECT, TRACE and OPTIONS: they speak to proxies and servers, not to resources. */
export const httpMethods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const;

export type HttpMethod = (typeof httpMethods)[number];

/** Which redirects are followed: none, those that stay at their origin, or those to any origin that is granted. */
export const httpRedirects = ["none", "same-origin", "granted"] as const;

export type HttpRedirects = (typeof httpRedirects)[number];
