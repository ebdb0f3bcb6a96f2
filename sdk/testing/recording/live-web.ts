/**
 * The real web, for recordings: the enclave's own client over the worker process's own egress, in this process.
 *
 * The request has passed the contract's and the world's rules already; what is left to do is TLS and HTTP.
 *
 * @module
 */
import type { CheckedRequest } from "#host/http/checked-request.ts";
import { TIME_LIMIT_HEADER } from "#host/http/time-limit.ts";
import { createHttp } from "#platform/http/http.ts";
import {
  parseEgressFromEnclave,
  parseEgressToEnclave,
  encodeEgressFromEnclave,
  encodeEgressToEnclave,
} from "#protocol/egress.ts";
import { httpMethods, type HttpResult } from "#protocol/http.ts";
import { grantDefaults } from "#protocol/http-grant.ts";
import { HTTP_PER_MINUTE_MAX, HTTP_REQUEST_BODY_BYTES_MAX } from "#protocol/limits.ts";
import { createEgress } from "#worker/egress/egress.ts";

export interface WebOptions {
  /** Addresses besides public ones on port 443, as for a cluster. */
  readonly egressGrants: readonly string[];
  /** PEM of certificates that are trusted besides the usual ones. */
  readonly extraRoots: readonly string[];
}

/** Asks one request of the web and leaves nothing open. */
export async function askWeb(
  { target, method, headers: own, body, grant, timeoutMs }: CheckedRequest,
  options: WebOptions,
): Promise<HttpResult> {
  const egress = createEgress((message) => {
    const bytes = encodeEgressToEnclave(message);
    setImmediate(() => http.receive(parseEgressToEnclave(bytes)));
  });
  const http = createHttp({
    config: options,
    send: (message) => {
      const bytes = encodeEgressFromEnclave(message);
      setImmediate(() => egress.receive(parseEgressFromEnclave(bytes)));
    },
  });
  try {
    const all = {
      ...grantDefaults,
      ...{ origin: "https://*:*", methods: httpMethods, headers: ["*"], pins: grant.pins },
      ...{ requestBytes: HTTP_REQUEST_BODY_BYTES_MAX, responseBytes: grant.responseBytes },
      perMinute: HTTP_PER_MINUTE_MAX,
    };
    const noSecrets = { value: () => undefined, reference: () => "" };
    const live = http.live({ contract: "", grants: [all], secrets: noSecrets, call: {} });
    const url = `https://${target.authority}${target.path}`;
    const limit =
      timeoutMs === undefined ? [] : [{ name: TIME_LIMIT_HEADER, value: `${timeoutMs}` }];
    const headers = [...own, ...limit];
    const optionalBody = body === undefined ? {} : { body };
    const [result] = await live.fetch([{ method, url, headers, ...optionalBody }]);
    if (result === undefined) throw new Error("a request without a result");
    return result;
  } finally {
    http.dispose();
    egress.dispose();
  }
}
