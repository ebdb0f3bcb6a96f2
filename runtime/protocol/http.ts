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

export type HttpResult = { readonly ok: HttpResponse } | { readonly error: HttpError };
