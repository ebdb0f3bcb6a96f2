/**
 * What a contract declares that it may ask of the outside world: the section `hermetic:http` of its
 * component, and so part of its code hash.
 *
 * A contract without the section asks nobody. The enclave reads it at admission, clients and people
 * read the same bytes; a section that is not in this one form is refused.
 *
 * @module
 */
import { integer, pack } from "#protocol/codec.ts";
import type { FaultCode } from "#protocol/faults.ts";
import { httpMethods, httpRedirects, type HttpMethod, type HttpRedirects } from "#protocol/http.ts";
import {
  HTTP_GRANT_HEADERS_MAX,
  HTTP_GRANTS_MAX,
  HTTP_ORIGIN_LENGTH_MAX,
  HTTP_PER_MINUTE_MAX,
  HTTP_PINS_MAX,
  HTTP_REQUEST_BODY_BYTES_MAX,
  HTTP_RESPONSE_BODY_BYTES_MAX,
  NAME_LENGTH_MAX,
  PORT_MAX,
} from "#protocol/limits.ts";
import { Fields } from "#protocol/shape.ts";

export const HTTP_SECTION = "hermetic:http";

const GRANTS_VERSION = 1;
const PIN_BYTES = 32;

/** What may be asked of one origin, or of a family of origins. */
export interface HttpGrant {
  /** As {@link parseOrigin} reads it. */
  readonly origin: string;
  /** At least one. */
  readonly methods: readonly HttpMethod[];
  /** Names in lower case that may be sent besides those that any contract may send; `*` is any. */
  readonly headers: readonly string[];
  /** Bytes of a request's body. */
  readonly requestBytes: number;
  /** Bytes of a response's body after decoding. */
  readonly responseBytes: number;
  readonly redirects: HttpRedirects;
  /** Requests in a minute, for each enclave. */
  readonly perMinute: number;
  /** SHA-256 of public keys (SPKI, RFC 7469 §2.4): one of the server's chain must be among them. None: any. */
  readonly pins: readonly Uint8Array[];
}

/** What a grant says if its author does not. */
export const grantDefaults = {
  methods: ["GET", "HEAD"],
  headers: [],
  requestBytes: 64 * 1024,
  responseBytes: 256 * 1024,
  redirects: "none",
  perMinute: 60,
  pins: [],
} as const satisfies Omit<HttpGrant, "origin">;

/** Where a grant leads. */
export interface Origin {
  /** A name in lower case or an address, or `*` for any. */
  readonly host: string;
  /** Whether `host` stands for all names below it, and not for itself. */
  readonly isBelow: boolean;
  /** Nothing for any port. */
  readonly port: number | undefined;
}

const HTTPS_PORT = 443;
const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const ORIGIN = new RegExp(
  String.raw`^https://(?:(\*\.)?(${LABEL}(?:\.${LABEL})*)|(\*)|\[([0-9a-f:.]+)\])(?::(\*|[1-9][0-9]{0,4}))?$`,
);
const HEADER = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;

/**
 * Reads an origin such as `https://api.example`, `https://*.example`, `https://*` or `https://127.0.0.1:*`.
 *
 * @returns Nothing for any other text: there is one form for each origin, without `:443`.
 */
export function parseOrigin(untrustedText: string): Origin | undefined {
  if (untrustedText.length > HTTP_ORIGIN_LENGTH_MAX) return undefined;
  const match = ORIGIN.exec(untrustedText);
  if (match === null) return undefined;
  const [, below, name, any, address, portText] = match;
  const port = portText === "*" ? undefined : Number(portText ?? HTTPS_PORT);
  const isLong = portText === String(HTTPS_PORT) || (port !== undefined && port > PORT_MAX);
  if (isLong) return undefined;
  return { host: name ?? any ?? (address as string), isBelow: below !== undefined, port };
}

/** Whether requests to this host and port are meant. @param host - Without brackets. */
export function covers(
  { host: granted, isBelow, port: at }: Origin,
  host: string,
  port: number,
): boolean {
  if (at !== undefined && at !== port) return false;
  return granted === "*" || (isBelow ? host.endsWith(`.${granted}`) : host === granted);
}

export function encodeHttpGrants(grants: readonly HttpGrant[]): Uint8Array {
  const plain = grants.map((grant) => [
    grant.origin,
    grant.methods.map((method) => httpMethods.indexOf(method)),
    [...grant.headers],
    integer(grant.requestBytes),
    integer(grant.responseBytes),
    httpRedirects.indexOf(grant.redirects),
    integer(grant.perMinute),
    [...grant.pins],
  ]);
  return pack([GRANTS_VERSION, plain]);
}

/** @throws {@link Fault} of the given code, for anything but a section in its one form. */
export function parseHttpGrants(untrustedBytes: Uint8Array, code: FaultCode): HttpGrant[] {
  const fields = Fields.parse(untrustedBytes, code);
  if (fields.integer() !== GRANTS_VERSION) fields.fail();
  const grants = fields.list(HTTP_GRANTS_MAX, (list) => list.nested(parseGrant));
  fields.end();
  return grants;
}

function parseGrant(fields: Fields): HttpGrant {
  const origin = fields.text(HTTP_ORIGIN_LENGTH_MAX);
  if (parseOrigin(origin) === undefined) fields.fail();
  const methods = fields.list(httpMethods.length, (list) => {
    return httpMethods[list.integer(httpMethods.length - 1)] as HttpMethod; // the index is checked
  });
  if (methods.length === 0 || isRepeated(methods)) fields.fail();
  const headers = fields.list(HTTP_GRANT_HEADERS_MAX, (list) => {
    const name = list.text(NAME_LENGTH_MAX);
    return HEADER.test(name) ? name : list.fail();
  });
  if (isRepeated(headers)) fields.fail();
  const requestBytes = fields.integer(HTTP_REQUEST_BODY_BYTES_MAX);
  const responseBytes = fields.integer(HTTP_RESPONSE_BODY_BYTES_MAX);
  const redirects = httpRedirects[fields.integer(httpRedirects.length - 1)] as HttpRedirects; // as above
  const perMinute = fields.integer(HTTP_PER_MINUTE_MAX);
  const pins = fields.list(HTTP_PINS_MAX, (list) => list.fixed(PIN_BYTES));
  return {
    origin,
    methods,
    headers,
    requestBytes,
    responseBytes,
    redirects,
    perMinute,
    pins,
  };
}

function isRepeated(values: readonly string[]): boolean {
  return new Set(values).size < values.length;
}
