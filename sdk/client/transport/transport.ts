/**
 * HTTP to one worker: one request, one answer, nothing believed.
 *
 * Whatever the worker process sends is bounded in size and time and comes back as one of three kinds
 * of answer; what they mean is decided by the caller.
 *
 * @module
 */
import { MESSAGEPACK_TYPE, parseClearFault, type ClearFault } from "#protocol/api.ts";
import { concat } from "#protocol/bytes.ts";
import { Fault } from "#protocol/fault.ts";
import { ENVELOPE_BYTES_MAX } from "#protocol/limits.ts";
import { clientError } from "#sdk/client/errors/client-error.ts";
import type { Deadline } from "#sdk/client/transport/deadline.ts";

/** The part of `fetch` that is used here. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export type Answer =
  | { readonly kind: "ok"; readonly body: Uint8Array }
  /** Refused with a status; the fault is missing when the body was not one. */
  | { readonly kind: "refused"; readonly status: number; readonly fault?: ClearFault }
  /** No whole answer: the connection failed or broke, or the time was up. */
  | { readonly kind: "lost"; readonly cause: unknown };

/** Bytes of an answer: the largest sealed reply and its MessagePack header. */
const ANSWER_BYTES_MAX = 2 * ENVELOPE_BYTES_MAX + 16;

export class Transport {
  readonly #base: string;
  readonly #fetch: Fetch;

  /** @throws {@link HermeticError} `OPTION_INVALID` if the URL is not http or https. */
  constructor(url: string, fetch: Fetch) {
    this.#base = baseOf(url);
    this.#fetch = fetch;
  }

  /**
   * Sends one request: a POST if there is a body, else a GET.
   *
   * @param attemptMs - Milliseconds this try may take at most.
   * @throws {@link HermeticError} `CANCELLED` if the caller has given up.
   */
  async send(
    path: string,
    body: Uint8Array | undefined,
    deadline: Deadline,
    attemptMs: number,
  ): Promise<Answer> {
    deadline.check();
    const own = AbortSignal.timeout(Math.ceil(Math.min(attemptMs, deadline.leftMs)));
    const signal = deadline.signal === undefined ? own : AbortSignal.any([own, deadline.signal]);
    try {
      const response = await this.#fetch(this.#base + path, requestOf(body, signal));
      const bytes = await readBody(response);
      if (response.status === 200) return { kind: "ok", body: bytes };
      return { kind: "refused", status: response.status, ...faultIn(bytes) };
    } catch (cause) {
      deadline.check();
      return { kind: "lost", cause };
    }
  }
}

function baseOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    throw clientError("OPTION_INVALID", "the worker's URL is not an http or https URL");
  }
  if (parsed.username !== "" || parsed.password !== "" || parsed.search !== "") {
    throw clientError("OPTION_INVALID", "the worker's URL may not hold a user, password or query");
  }
  return parsed.origin + parsed.pathname.replace(/\/+$/, "");
}

function requestOf(body: Uint8Array | undefined, signal: AbortSignal): RequestInit {
  const common = { signal, redirect: "error", credentials: "omit", cache: "no-store" } as const;
  if (body === undefined) return { ...common, headers: { accept: MESSAGEPACK_TYPE } };
  return {
    ...common,
    method: "POST",
    headers: { accept: MESSAGEPACK_TYPE, "content-type": MESSAGEPACK_TYPE },
    // fetch takes no bytes in shared memory, and nothing here makes such.
    body: body as Uint8Array<ArrayBuffer>,
  };
}

/** The whole body, cut off by an error as soon as it is over the limit. */
async function readBody(response: Response): Promise<Uint8Array> {
  const reader = response.body?.getReader();
  if (reader === undefined) return new Uint8Array(0);
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return concat(parts);
    length += value.length;
    if (length > ANSWER_BYTES_MAX) {
      await reader.cancel();
      throw clientError("NOT_A_WORKER", `its answer is over ${ANSWER_BYTES_MAX} bytes`);
    }
    parts.push(value);
  }
}

function faultIn(untrustedBody: Uint8Array): { readonly fault?: ClearFault } {
  try {
    return { fault: parseClearFault(untrustedBody) };
  } catch (error) {
    if (error instanceof Fault) return {};
    throw error;
  }
}
