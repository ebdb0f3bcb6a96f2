/**
 * How a call ended and what it leaves behind for the client.
 *
 * @module
 */
import type { Fault } from "#protocol/fault.ts";

export interface CallEvent {
  readonly name: string;
  /** The encoded array of the event's fields. */
  readonly fields: Uint8Array;
  readonly public: boolean;
}

/** 0 debug, 1 info, 2 warn, 3 error: the order of the WIT enum. */
export type LogLevel = 0 | 1 | 2 | 3;

export interface CallLog {
  readonly level: LogLevel;
  readonly text: string;
}

/** Where and why the contract gave up, in its own words; travels only inside the sealed reply. */
export interface PanicDetail {
  readonly text: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type CallEnd =
  | { readonly kind: "returned"; readonly value: Uint8Array }
  | { readonly kind: "failed"; readonly name: string; readonly fields: Uint8Array }
  | {
      readonly kind: "fault";
      readonly fault: Fault;
      readonly panic?: PanicDetail;
      /** Byte offsets in the original core module, innermost first; only if the offset map was kept. */
      readonly trace?: readonly number[];
    };

export interface CallOutcome {
  readonly end: CallEnd;
  /** Never above the limit the call was given. */
  readonly gasUsed: number;
  /** Empty unless the call returned. */
  readonly events: readonly CallEvent[];
  readonly logs: readonly CallLog[];
}
