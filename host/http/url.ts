/**
 * The one parser of a contract's URL: policy, DNS, TLS and the request line all use its result.
 *
 * Written by hand and strict (RFC 3986, `https` only), because the attack on URLs is two parsers
 * that disagree. No user info, fragment, backslash, white space, control or non-ASCII character;
 * nothing is normalised but the case of scheme and host, the path is sent as written.
 *
 * @module
 */
import { HTTP_URL_LENGTH_MAX, PORT_MAX } from "#protocol/limits.ts";
import { formatAddress, parseAddress } from "./address.ts";
import { parseHostName } from "./host-name.ts";

export const HTTPS_PORT = 443;

export interface Target {
  /** Name in lower case, or canonical address text without brackets. */
  readonly host: string;
  /** Bytes of the address, when the URL names one. */
  readonly address?: Uint8Array;
  readonly port: number;
  /** Value of the `host` header: the port only when it is not 443. */
  readonly authority: string;
  /** Path and query as written; at least `/`. */
  readonly path: string;
}

/** Path characters of RFC 3986 §3.3; queries add `?` (§3.4), and brackets, which are common there. */
const PATH = String.raw`/(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*`;
const QUERY = String.raw`\?(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?[\]]|%[0-9A-Fa-f]{2})*`;
const HTTPS_URL = new RegExp(
  String.raw`^https://(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::([1-9][0-9]{0,4}))?(${PATH})?(${QUERY})?$`,
  "i",
);

/** Where a URL leads, or nothing when it is not an absolute https URL in strict form. */
export function parseTarget(untrustedUrl: string): Target | undefined {
  if (untrustedUrl.length > HTTP_URL_LENGTH_MAX) return undefined;
  const match = HTTPS_URL.exec(untrustedUrl);
  if (match === null) return undefined;
  const host = parseHost(match[1] as string);
  const port = match[2] === undefined ? HTTPS_PORT : Number(match[2]);
  if (host === undefined || port > PORT_MAX) return undefined;
  const suffix = port === HTTPS_PORT ? "" : `:${port}`;
  const path = `${match[3] ?? "/"}${match[4] ?? ""}`;
  const { bracketed, ...named } = host;
  return { ...named, port, authority: `${bracketed}${suffix}`, path };
}

interface Host {
  readonly host: string;
  readonly bracketed: string;
  readonly address?: Uint8Array;
}

function parseHost(text: string): Host | undefined {
  const bracketed = text.startsWith("[");
  const address = parseAddress(bracketed ? text.slice(1, -1) : text);
  if (address !== undefined) {
    if (bracketed !== address.length > 4) return undefined;
    const host = formatAddress(address);
    return { host, address, bracketed: bracketed ? `[${host}]` : host };
  }
  const host = bracketed ? undefined : parseHostName(text);
  return host === undefined ? undefined : { host, bracketed: host };
}
