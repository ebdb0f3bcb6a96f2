/**
 * Why an exchange failed, inside the client only: it becomes the refusal that a contract sees.
 *
 * @module
 */
import type { HttpDetail, HttpError, HttpRefusal } from "#protocol/http.ts";
import { HTTP_RESPONSE_BODY_BYTES_MAX } from "#protocol/limits.ts";

export class HttpFailure extends Error {
  readonly refusal: HttpRefusal;

  constructor(error: HttpError, detail: HttpDetail = "none") {
    super(error);
    this.name = "HttpFailure";
    this.refusal = detail === "none" ? { error } : { error, detail };
  }
}

/** A body over a limit: the contract's own if it has declared a lower one than there is for all. */
export function tooLarge(declaredBytes: number): HttpFailure {
  return new HttpFailure(
    "too-large",
    declaredBytes < HTTP_RESPONSE_BODY_BYTES_MAX ? "size" : "none",
  );
}
