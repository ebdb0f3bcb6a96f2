/**
 * What becomes of a request: it may enter the log, or it is answered at once.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { faultOutcome } from "#exec/call.ts";
import type { Entry } from "#exec/entry.ts";
import { NO_HASH, type Answered, type Placed } from "#exec/replier.ts";

export type Verdict =
  | {
      readonly kind: "entry";
      readonly requestId: Uint8Array;
      readonly entry: Entry;
      /** Of a command that may be tried anew: how often after this. */
      readonly retries?: number;
    }
  | ({ readonly kind: "answer" } & Placed);

/** An answer in which nothing ran unless it says so, and the state it was made from. */
type Said = Omit<Answered, "gasUsed" | "events" | "logs"> &
  Partial<Pick<Answered, "gasUsed" | "events" | "logs">> &
  Pick<Placed, "height" | "digest">;

export function answerOf({ height, digest, ...said }: Said): Verdict {
  const answered = { gasUsed: 0, events: [], logs: [], ...said };
  return { kind: "answer", answered, height, digest };
}

/** A fault before or beside a call's own end. Anything else is a bug and goes on. */
export function faulted(error: unknown): Pick<Answered, "codeHash" | "outcome"> {
  if (!(error instanceof Fault)) throw error;
  return { codeHash: NO_HASH, outcome: faultOutcome(error) };
}
