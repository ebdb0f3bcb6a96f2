/**
 * The power to make HTTP requests, as a call receives it: live, or from a transcript.
 *
 * @module
 */
import type { HttpRequest, HttpResult } from "#protocol/http.ts";
import type { HttpGrant } from "#protocol/http-grant.ts";
import type { Cancellation } from "./cancellation.ts";
import type { SecretKeeper } from "./secret-reference.ts";

/** A client's call with all that contracts call on its behalf. */
export interface HttpCall {
  /** When its first request was made, once there was one. */
  beganMs?: number;
  /** Of a call that may be ended. */
  readonly cancellation?: Cancellation;
}

/** The contract whose call asks. */
export interface HttpCaller {
  /** Address in hexadecimal: limits, rates and connections are per contract. */
  readonly contract: string;
  /** What its code declares. */
  readonly grants: readonly HttpGrant[];
  readonly secrets: SecretKeeper;
  /** Shared by all contracts of the call. */
  readonly call: HttpCall;
}

/** Suspends the call until every request has its result. */
export interface LiveHttp {
  readonly kind: "live";
  /**
   * @param heldBytes - Memory that the call holds while it waits.
   * @throws {@link Fault} `HTTP_LIMIT` if the call makes more requests than it may.
   * @throws {@link Fault} `BUSY` if calls that wait hold too much already.
   * @throws {@link Fault} `CALL_TIMEOUT` if nobody waits for the call any more.
   */
  fetch(requests: readonly HttpRequest[], heldBytes?: number): Promise<readonly HttpResult[]>;
}

/** Answers at once with what a live run of the same call was given. */
export interface ReplayHttp {
  readonly kind: "replay";
  /**
   * @throws {@link Fault} `HTTP_REPLAY_MISMATCH` if these are not the requests of the live run.
   * @throws {@link Fault} `HTTP_LIMIT` if the call makes more requests than it may.
   */
  next(requests: readonly HttpRequest[]): readonly HttpResult[];
}

export type HttpPower = LiveHttp | ReplayHttp;
