/**
 * How a call ended and what it leaves behind for the client.
 *
 * @module
 */
import type { Fault } from "#protocol/fault.ts";
import type { Panic, ReplyEvent, ReplyLog } from "#protocol/reply.ts";

export type CallEnd =
  | { readonly kind: "returned"; readonly value: Uint8Array }
  | { readonly kind: "failed"; readonly name: string; readonly fields: Uint8Array }
  | {
      readonly kind: "fault";
      readonly fault: Fault;
      readonly panic?: Panic;
      /** Byte offsets in the original core module, innermost first; only if the offset map was kept. */
      readonly trace?: readonly number[];
    };

export interface CallOutcome {
  readonly end: CallEnd;
  /** Never above the limit the call was given. */
  readonly gasUsed: number;
  /** Empty unless the call returned. */
  readonly events: readonly ReplyEvent[];
  readonly logs: readonly ReplyLog[];
}

/** A call that a contract has made, for a test kit: all of it, private or not, reverted or not. */
export interface WatchedCall {
  /** Addresses of the contract that called, and of the one that was called. */
  readonly caller: Uint8Array;
  readonly contract: Uint8Array;
  readonly kind: "command" | "query";
  readonly method: string;
  readonly outcome: CallOutcome;
}
