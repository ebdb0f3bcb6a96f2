/**
 * Which requests may be sent again although their server may have acted on them.
 *
 * @module
 */
import type { HttpHeader } from "#protocol/http.ts";

/** RFC 9110 §9.2.2, or what the contract's author has said. @param headers - Names in any case. */
export function isRepeatable(request: {
  readonly method: string;
  readonly headers: readonly HttpHeader[];
}): boolean {
  if (request.method !== "POST" && request.method !== "PATCH") return true;
  return request.headers.some(({ name }) => name.toLowerCase() === "idempotency-key");
}
