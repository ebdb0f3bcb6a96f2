/**
 * Replay: answers a command's requests from the transcript of its live run, at once and in order.
 *
 * A command that asks for anything else than its live run did is at fault: its state would depend
 * on something that is not in the log.
 *
 * @module
 */
import { equalBytes } from "#protocol/bytes.ts";
import { Fault } from "#protocol/fault.ts";
import type { ReplayHttp } from "./power.ts";
import { RequestQuota } from "./quota.ts";
import { hashRequests, type Sha256, type Transcript } from "./transcript.ts";

export interface Replay {
  readonly power: ReplayHttp;
  /** Whether it has thrown that fault. */
  readonly isMismatched: boolean;
  /** @throws {@link Fault} `HTTP_REPLAY_MISMATCH` if the call ended before its transcript did. */
  assertConsumed(): void;
}

export function replayHttp(transcript: Transcript, sha256: Sha256): Replay {
  const quota = new RequestQuota();
  let used = 0;
  let isMismatched = false;

  function mismatch(): never {
    isMismatched = true;
    throw new Fault("HTTP_REPLAY_MISMATCH", { used, recorded: transcript.length });
  }

  return {
    power: {
      kind: "replay",
      next(requests) {
        quota.charge(requests.length);
        const exchange = transcript[used];
        if (exchange === undefined || exchange.results.length !== requests.length) mismatch();
        if (!equalBytes(exchange.requestsHash, hashRequests(requests, sha256))) mismatch();
        used++;
        return exchange.results;
      },
    },
    get isMismatched() {
      return isMismatched;
    },
    assertConsumed: () => {
      if (used !== transcript.length) mismatch();
    },
  };
}
