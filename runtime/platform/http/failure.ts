/**
 * Why an exchange failed, inside the client only: it becomes the `HttpError` that a contract sees.
 *
 * @module
 */
import type { HttpError } from "#protocol/http.ts";

export class HttpFailure extends Error {
  readonly reason: HttpError;

  constructor(reason: HttpError) {
    super(reason);
    this.name = "HttpFailure";
    this.reason = reason;
  }
}
