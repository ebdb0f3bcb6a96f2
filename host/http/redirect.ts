/**
 * Redirects: which request follows an answer that sends the contract elsewhere.
 *
 * A server decides where a redirect leads, so it is followed only where the contract declares that it wants
 * to, and what comes of it is checked like any request. What could be a credential stays behind when the
 * origin changes, and so does a body: no server gets to choose who else is told.
 *
 * @module
 */
import type { HttpRefusal, HttpRequest, HttpResult } from "#protocol/http.ts";
import { HTTP_REDIRECTS_MAX } from "#protocol/limits.ts";
import type { CheckedRequest } from "./checked-request.ts";
import { COMMON_HEADERS } from "./request-headers.ts";
import { holdsReference } from "./secret-reference.ts";
import { parseTarget, type Target } from "./url.ts";

const DENIED: HttpRefusal = { error: "denied", detail: "redirect" };
/** RFC 9110 §15.4. The others (300, 304) say nothing that could be followed. */
const FOLLOWED: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * @param hop - Redirects that have been followed before.
 * @returns Nothing if the contract gets the result as it is; a refusal if it leads where it must not.
 */
export function redirected(
  request: HttpRequest,
  { target, grant }: CheckedRequest,
  result: HttpResult,
  hop: number,
): HttpRequest | HttpRefusal | undefined {
  if (grant.redirects === "none" || "error" in result) return undefined;
  const { status, headers } = result.ok;
  const location = headers.find(({ name }) => name === "location")?.value;
  if (!FOLLOWED.has(status) || location === undefined) return undefined;
  const url = resolve(location, target);
  const next = url === undefined ? undefined : parseTarget(url);
  if (url === undefined || next === undefined || hop >= HTTP_REDIRECTS_MAX) return DENIED;
  const isElsewhere = next.host !== target.host || next.port !== target.port;
  if (isElsewhere && grant.redirects === "same-origin") return DENIED;
  const method = methodAfter(request.method, status);
  const hasBody = method === request.method && (request.body?.length ?? 0) > 0;
  if (isElsewhere && hasBody) return DENIED;
  const kept = request.headers.filter(({ name, value }) => {
    const isCommon = COMMON_HEADERS.has(name.toLowerCase()) && !holdsReference(value);
    return (isCommon || !isElsewhere) && (hasBody || name.toLowerCase() !== "content-type");
  });
  const following = { method, url, headers: kept };
  return hasBody && request.body !== undefined ? { ...following, body: request.body } : following;
}

/** RFC 9110 §15.4.2 to §15.4.4: what everybody does with POST, and 303 with everything but HEAD. */
function methodAfter(method: string, status: number): string {
  const isRewritten = status === 303 ? method !== "HEAD" : status < 303 && method === "POST";
  return isRewritten ? "GET" : method;
}

/** An absolute URL, or one that begins at the root: nothing else is resolved here. */
function resolve(location: string, { authority, path }: Target): string | undefined {
  const [reference = ""] = location.split("#", 1);
  if (/^https:/i.test(reference)) return reference;
  if (reference.startsWith("//")) return `https:${reference}`;
  if (reference.startsWith("/")) return `https://${authority}${reference}`;
  if (reference.startsWith("?")) return `https://${authority}${path.split("?", 1)[0]}${reference}`;
  return undefined;
}
