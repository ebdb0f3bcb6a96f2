/**
 * Sends code only if the cluster does not hold it: its hash says the same in 32 bytes.
 *
 * @module
 */
import { NO_CONTRACT } from "#protocol/envelope.ts";
import type { Code } from "#protocol/request.ts";
import type { Caller, Verified } from "#sdk/client/call/caller.ts";
import type { Deadline } from "#sdk/client/transport/deadline.ts";

/** MessagePack of `true`. */
const TRUE = 0xc3;

/** A component, and its SHA-256. */
export interface HashedCode {
  readonly component: Uint8Array;
  readonly hash: Uint8Array;
}

/**
 * Sends a request that needs code.
 *
 * @param send - Sends it with the code in one form or the other. It must not succeed twice: code that
 *   the cluster let go of in the meantime is sent in full with the second attempt.
 */
export async function sendWithCode(
  caller: Caller,
  { component, hash }: HashedCode,
  deadline: Deadline,
  send: (code: Code) => Promise<Verified>,
): Promise<Verified> {
  const { reply } = await caller.query(NO_CONTRACT, { op: "has-code", hash }, deadline, 0);
  const { outcome } = reply;
  const isHeld = outcome.kind === "returned" && outcome.value[0] === TRUE;
  if (!isHeld) return send({ component });
  const verified = await send({ hash });
  const { outcome: answer } = verified.reply;
  const isGone = answer.kind === "fault" && answer.code === "CODE_UNKNOWN";
  return isGone ? send({ component }) : verified;
}
