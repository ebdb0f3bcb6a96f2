/**
 * How a call ended and what it leaves behind for the client.
 *
 * @module
 */
import type { Fault } from "#protocol/fault.ts";
import type { Panic, ReplyEvent, ReplyLog } from "#protocol/reply.ts";

/** Byte offsets in the original core module, innermost first; only if the offset map was kept. */
type Trace = readonly number[];

export type CallEnd =
  | { readonly kind: "returned"; readonly value: Uint8Array }
  | {
      readonly kind: "failed";
      readonly name: string;
      readonly fields: Uint8Array;
      readonly trace?: Trace;
    }
  | {
      readonly kind: "fault";
      readonly fault: Fault;
      readonly panic?: Panic;
      readonly trace?: Trace;
    };

export interface CallOutcome {
  readonly end: CallEnd;
  /** Never above the limit the call was given. */
  readonly gasUsed: number;
  /** What its code has run for: less than `gasUsed` where a fault took all that was left. Nobody who calls learns it. */
  readonly gasRun: number;
  /** Empty unless the call returned. */
  readonly events: readonly ReplyEvent[];
  readonly logs: readonly ReplyLog[];
}
