/**
 * Which headers a contract may send: a few that say nothing of who asks, and those that it declares.
 *
 * Those that frame the message, choose the connection or name the host belong to the enclave: a
 * contract that could set them could smuggle a second request past the checks of the first.
 *
 * @module
 */
import type { HttpHeader } from "#protocol/http.ts";
import { HTTP_HEADER_BYTES_MAX, HTTP_HEADERS_MAX } from "#protocol/limits.ts";

/** A token, RFC 9110 §5.6.2. */
const NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
/** Visible ASCII, space and tab, RFC 9110 §5.5 without obsolete text: no CR, LF or NUL. */
export const HEADER_VALUE: RegExp = /^[\t\x20-\x7e]*$/;

const reserved: ReadonlySet<string> = new Set([
  "accept-encoding", // decoding is the enclave's
  "connection",
  "content-length",
  "expect",
  "host",
  "http2-settings",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** What any contract may send, and keeps when it is redirected to another origin. */
export const COMMON_HEADERS: ReadonlySet<string> = new Set([
  "accept",
  "accept-language",
  "content-type",
]);

/** What any contract may send to the origin that it asks. */
const free: ReadonlySet<string> = new Set([...COMMON_HEADERS, "idempotency-key", "if-none-match"]);

/**
 * The headers with names in lower case, in the contract's order.
 *
 * @param granted - Names that the contract declares; `*` is any.
 * @returns "denied" for a forbidden, malformed or repeated one; "too-large" over the limits.
 */
export function checkRequestHeaders(
  untrustedHeaders: readonly HttpHeader[],
  granted: readonly string[],
): readonly HttpHeader[] | "denied" | "too-large" {
  if (untrustedHeaders.length > HTTP_HEADERS_MAX) return "too-large";
  const checked: HttpHeader[] = [];
  const seen = new Set<string>();
  for (const { name: untrustedName, value } of untrustedHeaders) {
    if (untrustedName.length + value.length > HTTP_HEADER_BYTES_MAX) return "too-large";
    if (!/^[\x21-\x7e]+$/.test(untrustedName)) return "denied";
    const name = untrustedName.toLowerCase();
    if (!NAME.test(name) || !HEADER_VALUE.test(value)) return "denied";
    if (reserved.has(name) || name.startsWith("proxy-") || seen.has(name)) return "denied";
    if (!free.has(name) && !granted.includes(name) && !granted.includes("*")) return "denied";
    seen.add(name);
    checked.push({ name, value });
  }
  return checked;
}
