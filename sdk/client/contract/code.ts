/**
 * Sends code only if the cluster does not hold it: its hash says the same in 32 bytes.
 *
 * @module
 */
import { toHex } from "#protocol/bytes.ts";
import { NO_CONTRACT } from "#protocol/envelope.ts";
import { COMMAND_GAS_MAX } from "#protocol/limits.ts";
import type { Code } from "#protocol/request.ts";
import { checkSize } from "#sdk/client/artefact.ts";
import type { Caller, Verified } from "#sdk/client/call/caller.ts";
import { enclaveResult, type CodeVersion } from "#sdk/client/contract/description.ts";
import type { CommandOptions } from "#sdk/client/contract/handle.ts";
import { countOption, gasOption } from "#sdk/client/contract/options.ts";
import { Deadline } from "#sdk/client/transport/deadline.ts";

/** Uploads code alone. @throws {@link HermeticError} of kind `fault` if it is not admitted. */
export async function upload(
  caller: Caller,
  component: Uint8Array,
  options: CommandOptions,
): Promise<CodeVersion> {
  checkSize(component);
  const { primitives, timeoutMs } = caller.connection;
  const limitMs = countOption("timeoutMs", options.timeoutMs ?? timeoutMs);
  const gasLimit = gasOption(options.gasLimit, COMMAND_GAS_MAX);
  const body = { op: "upload", component, gasLimit } as const;
  const deadline = new Deadline(limitMs, options.signal);
  const verified = await caller.command(NO_CONTRACT, [NO_CONTRACT], body, deadline);
  const { height } = enclaveResult(NO_CONTRACT, "upload", verified);
  return { height, codeHash: toHex(primitives.sha256(component)) };
}

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
