/**
 * What the emitter is told: about the module once, and about each function it rewrites.
 *
 * @module
 */
import type { Body } from "#host/vm/decode/body.ts";
import type { Charges } from "#host/vm/meter/charges.ts";

/** Facts about the module that every body needs. */
export interface EmitContext {
  readonly bytes: Uint8Array;
  readonly gasGlobal: number;
  readonly stackGlobal: number;
  readonly memoryPagesMax: number;
}

/** One function to rewrite. */
export interface EmitFunction {
  readonly body: Body;
  readonly charges: Charges;
  readonly parameters: number;
  /** Bytes of the frame if the function is recursive, else undefined. */
  readonly guardedBytes: number | undefined;
  /** Whether the float on top before an instruction keeps its bits; without it, none does. */
  readonly keepsNan: ((index: number) => boolean) | undefined;
  /** The block type that gives the function's results, as encoded bytes. */
  readonly resultBlock: readonly number[];
  /** The block type that takes and gives what a branch to the label of `opener` carries, as encoded bytes. */
  readonly carryBlock: (opener: number) => readonly number[];
}
