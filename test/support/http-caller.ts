/**
 * Contracts that ask, as the HTTP capability sees them.
 *
 * @module
 */
import { Grants } from "#host/http/grants.ts";
import { HeldResults } from "#host/http/held.ts";
import type { FetchOne, LiveSite } from "#host/http/live.ts";
import type { HttpCaller } from "#host/http/power.ts";
import { Rates } from "#host/http/rates.ts";
import { httpMethods } from "#protocol/http.ts";
import { grantDefaults, type HttpGrant } from "#protocol/http-grant.ts";
import {
  HTTP_HELD_BYTES_MAX,
  HTTP_PER_MINUTE_MAX,
  HTTP_REQUEST_BODY_BYTES_MAX,
  HTTP_RESPONSE_BODY_BYTES_MAX,
  HTTP_TIMEOUT_MS,
} from "#protocol/limits.ts";

/** Everything that a contract can declare. */
export const everything: HttpGrant = {
  ...grantDefaults,
  origin: "https://*:*",
  methods: httpMethods,
  headers: ["*"],
  requestBytes: HTTP_REQUEST_BODY_BYTES_MAX,
  responseBytes: HTTP_RESPONSE_BODY_BYTES_MAX,
  perMinute: HTTP_PER_MINUTE_MAX,
};

/** A grant of all that a contract gets if it says nothing more. */
export function grantOf(origin: string, options: Partial<HttpGrant> = {}): HttpGrant {
  return { ...grantDefaults, origin, ...options };
}

/** A contract that may ask for everything, without secrets, unless a test says otherwise. */
export function callerOf(options: Partial<HttpCaller> = {}): HttpCaller {
  const secrets = { value: () => undefined, reference: (name: string) => `{secret:${name}}` };
  return { contract: "00", grants: [everything], secrets, call: {}, ...options };
}

/** What calls share, over a network that is a function; time stands still unless a test says otherwise. */
export function siteOf(fetchOne: FetchOne, options: Partial<LiveSite> = {}): LiveSite {
  const nowMs = options.nowMs ?? (() => 0);
  const held = new HeldResults(HTTP_HELD_BYTES_MAX);
  const rates = new Rates(nowMs);
  const site = { fetchOne, cluster: new Grants([]), rates, held, nowMs };
  return { ...site, requestMs: HTTP_TIMEOUT_MS, ...options };
}
