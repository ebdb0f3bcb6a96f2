/**
 * Recording: live powers whose exchanges are kept for the log. Each contract of a call has a power of
 * its own; what they exchange is one transcript, in the order in which the calls run.
 *
 * What the contract is given is exactly what is kept. A result that would make the transcript too
 * large for a log entry becomes "too-large" before the contract sees it, so replay agrees.
 *
 * @module
 */
import { utf8 } from "#protocol/bytes.ts";
import type { HttpResult } from "#protocol/http.ts";
import { HTTP_TRANSCRIPT_BYTES_MAX } from "#protocol/limits.ts";
import type { LiveHttp } from "./power.ts";
import { isRepeatable } from "./repeatable.ts";
import { hashRequests, type Exchange, type Sha256, type Transcript } from "./transcript.ts";

export interface Recording {
  /** A live power with recording, beside others of the same recording. */
  over(live: LiveHttp): LiveHttp;
  /** The finished exchanges, in order. */
  transcript(): Transcript;
  /** Bytes of the finished exchanges: they are held until the end. */
  readonly heldBytes: number;
  /** Whether all that was asked may be asked again. */
  readonly isRepeatable: boolean;
}

export function recordHttp(sha256: Sha256): Recording {
  const exchanges: Exchange[] = [];
  let bytes = 0;
  let mayRepeat = true;

  function bounded(result: HttpResult): HttpResult {
    const total = bytes + bytesOf(result);
    if (total > HTTP_TRANSCRIPT_BYTES_MAX) return { error: "too-large" };
    bytes = total;
    return result;
  }

  return {
    over: (live) => ({
      kind: "live",
      async fetch(requests) {
        mayRepeat &&= requests.every(isRepeatable);
        const requestsHash = hashRequests(requests, sha256);
        const results = (await live.fetch(requests)).map(bounded);
        exchanges.push({ requestsHash, results });
        return results;
      },
    }),
    transcript: () => [...exchanges],
    get heldBytes() {
      return bytes;
    },
    get isRepeatable() {
      return mayRepeat;
    },
  };
}

/** Bytes of a result's headers and body. */
export function bytesOf(result: HttpResult): number {
  if ("error" in result) return 0;
  const { headers, body } = result.ok;
  return headers.reduce(
    (sum, { name, value }) => sum + utf8(name).length + utf8(value).length,
    body.length,
  );
}
