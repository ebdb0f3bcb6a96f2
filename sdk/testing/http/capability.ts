/**
 * The enclave's HTTP capability over mocks: its own policy, quota and order, no network.
 *
 * @module
 */
import type { HttpCapability } from "#exec/powers.ts";
import type { CheckedRequest } from "#host/http/checked-request.ts";
import type { Grants } from "#host/http/grants.ts";
import { HeldResults } from "#host/http/held.ts";
import { liveHttp, type FetchOne } from "#host/http/live.ts";
import { Rates } from "#host/http/rates.ts";
import { Fault } from "#protocol/fault.ts";
import type { HttpResult } from "#protocol/http.ts";
import { HTTP_HELD_BYTES_MAX, HTTP_TIMEOUT_MS } from "#protocol/limits.ts";
import type { HttpMocks } from "#sdk/testing/http/mocks.ts";
import type { Egress } from "#sdk/testing/operator/recording.ts";

export interface CapabilityOptions {
  readonly mocks: HttpMocks;
  readonly grants: Grants;
  /** The world's clock. */
  readonly nowMs: () => number;
  /** Takes what the operator sees of an exchange. */
  readonly see: (egress: Egress) => void;
  /** The request that the enclave is being handed, when a call begins. */
  readonly currentRequest: () => number;
  /** Ends that request with a failure of the test. */
  readonly fail: (request: number, error: Error) => void;
}

export function mockCapability(options: CapabilityOptions): HttpCapability {
  const { mocks, grants, see, currentRequest, fail, nowMs } = options;
  const rates = new Rates(nowMs);
  const held = new HeldResults(HTTP_HELD_BYTES_MAX);
  return {
    live: (caller) => {
      const request = currentRequest();
      const fetchOne: FetchOne = async (checked) => {
        try {
          const result = await mocks.answer(checked);
          see(egressOf(checked, result));
          return result;
        } catch (error) {
          fail(request, error as Error);
          // The call must end; nobody hears how, because its request has failed already.
          throw new Fault("CALL_TIMEOUT");
        }
      };
      return liveHttp(
        { fetchOne, cluster: grants, rates, held, requestMs: HTTP_TIMEOUT_MS, nowMs },
        caller,
      );
    },
    receive: () => {},
  };
}

/** Sizes as in HTTP/1.1, with four bytes for each header's punctuation. */
function egressOf({ target, method, headers, body }: CheckedRequest, result: HttpResult): Egress {
  const punctuation = 4;
  const sizeOf = (list: typeof headers): number =>
    list.reduce((sum, { name, value }) => sum + name.length + value.length + punctuation, 0);
  const { host, port, path } = target;
  const sentBytes = method.length + path.length + host.length + sizeOf(headers);
  const received = "ok" in result ? sizeOf(result.ok.headers) + result.ok.body.length : 0;
  return { host, port, sentBytes: sentBytes + (body?.length ?? 0), receivedBytes: received };
}
