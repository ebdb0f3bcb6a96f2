/**
 * Delivers one command exactly once over a connection and a worker process that may fail at any time.
 *
 * The enclave takes every sequence number once, so the same bytes may be sent again and again. After a
 * failure the receipt is asked for first; a claim that the bytes are known already means to wait for it.
 * What the worker process says in the clear is a hint about what to try next, never about what ran.
 *
 * @module
 */
import { apiPaths, encodeSealedBody, parseSealedBody, type ClearFault } from "#protocol/api.ts";
import { toHex } from "#protocol/bytes.ts";
import { Fault } from "#protocol/fault.ts";
import { faults } from "#protocol/faults.ts";
import { clientError } from "#sdk/client/errors/client-error.ts";
import type { HermeticError } from "#sdk/client/errors/hermetic-error.ts";
import type { Deadline } from "#sdk/client/transport/deadline.ts";
import type { Answer, Transport } from "#sdk/client/transport/transport.ts";

export interface Delivery {
  readonly path: string;
  readonly envelope: Uint8Array;
  /** SHA-256 of the envelope. */
  readonly requestId: Uint8Array;
  /** Whether running unseen would matter: true of commands, false of opening a session. */
  readonly matters: boolean;
}

export type Delivered =
  | { readonly kind: "reply"; readonly sealed: Uint8Array }
  /** Refused in the clear, and no receipt is known. */
  | { readonly kind: "refused"; readonly fault: ClearFault };

/** A try that hangs is given up after this long; the command itself is not. */
const ATTEMPT_MS = 15_000;

/** Clear faults after which trying again is the right thing: nothing was taken. */
const PASSING: ReadonlySet<number> = new Set([faults.BUSY.number, faults.MEMORY_EXHAUSTED.number]);

/**
 * Sends a command until it has a reply, is refused, or the time is up.
 *
 * @throws {@link HermeticError} `OUTCOME_UNKNOWN` if the time is up and it matters; else `UNREACHABLE`
 *   or `TIMED_OUT`.
 * @throws {@link HermeticError} `CANCELLED` if the caller has given up.
 */
export async function deliver(
  transport: Transport,
  delivery: Delivery,
  deadline: Deadline,
): Promise<Delivered> {
  const body = encodeSealedBody(delivery.envelope);
  const receipt = apiPaths.receipt + toHex(delivery.requestId);
  let taken = false;
  let last: Answer | undefined;
  for (let attempt = 0; !deadline.passed; attempt++) {
    if (attempt > 0) {
      await deadline.pause(attempt - 1);
      const found = await transport.send(receipt, undefined, deadline, ATTEMPT_MS);
      if (found.kind === "ok") return { kind: "reply", sealed: sealedIn(found.body) };
      if (taken || found.kind === "lost") continue;
    }
    last = await transport.send(delivery.path, body, deadline, ATTEMPT_MS);
    if (last.kind === "ok") return { kind: "reply", sealed: sealedIn(last.body) };
    taken = last.kind === "refused" && last.fault?.number === faults.SESSION_REPLAYED.number;
    if (last.kind === "lost" || taken || isPassing(last)) continue;
    return refusal(transport, receipt, last, deadline);
  }
  throw timeUp(delivery.matters, last);
}

function timeUp(matters: boolean, last: Answer | undefined): HermeticError {
  if (last?.kind !== "lost") return clientError(matters ? "OUTCOME_UNKNOWN" : "TIMED_OUT");
  const { cause } = last;
  return clientError(matters ? "OUTCOME_UNKNOWN" : "UNREACHABLE", undefined, { cause });
}

/** A refusal is forged easily: if the command did run, its receipt is the better answer. */
async function refusal(
  transport: Transport,
  receipt: string,
  answer: Extract<Answer, { kind: "refused" }>,
  deadline: Deadline,
): Promise<Delivered> {
  const found = await transport.send(receipt, undefined, deadline, ATTEMPT_MS);
  if (found.kind === "ok") return { kind: "reply", sealed: sealedIn(found.body) };
  if (answer.fault !== undefined) return { kind: "refused", fault: answer.fault };
  throw clientError("NOT_A_WORKER", `it answered with status ${answer.status}`);
}

/** Whether an answer says that the same request may be taken later. */
export function isPassing(answer: Exclude<Answer, { kind: "ok" }>): boolean {
  if (answer.kind === "lost") return true;
  const { status, fault } = answer;
  if (fault !== undefined && PASSING.has(fault.number)) return true;
  const byEnclave = fault !== undefined && fault.number < 1000;
  return !byEnclave && (status >= 500 || status === 429 || status === 408);
}

/** @throws {@link HermeticError} `NOT_A_WORKER` if the body is not a sealed reply. */
export function sealedIn(untrustedBody: Uint8Array): Uint8Array {
  try {
    return parseSealedBody(untrustedBody);
  } catch (error) {
    if (error instanceof Fault) throw clientError("NOT_A_WORKER", "its answer has no sealed body");
    throw error;
  }
}
