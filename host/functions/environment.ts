/**
 * What the world outside the sandbox gives to one call: identity, time, state, secrets, HTTP.
 *
 * Every source of difference between two runs is in here. Given an equal environment and equal
 * arguments, a call that does not touch live HTTP has an equal outcome on every worker.
 *
 * @module
 */
import type { HttpPower } from "#host/http/power.ts";
import type { Overlay } from "#host/state/overlay.ts";

export type CallMode = "init" | "command" | "query";

export interface CallEnvironment {
  readonly mode: CallMode;
  /** 32-byte accounts. */
  readonly caller: Uint8Array;
  readonly self: Uint8Array;
  readonly nowSeconds: bigint;
  readonly height: bigint;
  /** Metered randomness: the same bytes on every worker in a command. */
  readonly random: (length: number) => Uint8Array;
  readonly state: Overlay;
  readonly secret: (name: string) => string | undefined;
  /**
   * "live" suspends the call; its promise settles within a deadline of its own, always, because an
   * abandoned stack is never freed. "replay" answers at once from a transcript.
   */
  readonly http: HttpPower;
}
