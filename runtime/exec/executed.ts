/**
 * What executing an entry comes to.
 *
 * @module
 */
import { encodeOutcome, type Outcome } from "#protocol/reply.ts";
import type { Overlay } from "#host/state/overlay.ts";
import type { Write } from "#seal/writes.ts";
import type { Answer } from "#exec/replier.ts";
import { namespaced, SYSTEM_NAMESPACE, type Effects } from "#exec/replica.ts";

export interface Executed {
  readonly effects: Effects;
  readonly timeMs: number;
  /** Nothing for entries that answer nobody, and for a repeated request. */
  readonly answer?: Answer;
  /** The request that is to be tried anew: its entry has changed nothing. */
  readonly again?: Uint8Array;
}

/** No bytes. */
export const NOTHING: Uint8Array = new Uint8Array(0);

/** @param own - What contracts have written, besides what `system` holds. */
export function effectsOf(
  system: Overlay,
  own: readonly Write[],
  outcome: Outcome,
  gasUsed: number,
): Effects {
  const writes = [...namespaced(SYSTEM_NAMESPACE, system.writes()), ...own];
  // Where in the code a call stopped is the engine's word, and engines need not agree on it.
  const agreed = outcome.kind === "fault" ? { ...outcome, trace: [] } : outcome;
  return { writes, outcome: encodeOutcome(agreed), gasUsed };
}

/** Answers nobody. */
export function silent(system: Overlay, timeMs: number): Executed {
  const writes = namespaced(SYSTEM_NAMESPACE, system.writes());
  return { effects: { writes, outcome: NOTHING, gasUsed: 0 }, timeMs };
}
