/**
 * How long a contract wants to wait for an answer: a header of its request that stays in the enclave.
 *
 * As a header it is part of the request wherever that is written down or compared: a command that would wait for
 * another time at its height asks for something else.
 *
 * @module
 */
import type { HttpHeader } from "#protocol/http.ts";
import { HTTP_TIMEOUT_MS } from "#protocol/limits.ts";

/** Its value is a number of milliseconds; nobody has to grant it. */
export const TIME_LIMIT_HEADER = "hermetic-timeout";
const MILLISECONDS = /^[0-9]{1,20}$/;

export interface TimeLimited {
  /** The headers that are left. */
  readonly headers: readonly HttpHeader[];
  /** At most what every request has. */
  readonly timeoutMs?: number;
}

/** @returns "denied" if it is there twice, or no whole number from 0. */
export function takeTimeLimit(untrustedHeaders: readonly HttpHeader[]): TimeLimited | "denied" {
  const isLimit = ({ name }: HttpHeader): boolean => name.toLowerCase() === TIME_LIMIT_HEADER;
  const [limit, ...more] = untrustedHeaders.filter(isLimit);
  if (limit === undefined) return { headers: untrustedHeaders };
  if (more.length > 0 || !MILLISECONDS.test(limit.value)) return "denied";
  return {
    headers: untrustedHeaders.filter((header) => !isLimit(header)),
    timeoutMs: Math.min(Number(limit.value), HTTP_TIMEOUT_MS),
  };
}
